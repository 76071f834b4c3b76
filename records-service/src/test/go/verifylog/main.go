// Verifies a whole log with golang.org/x/mod/sumdb/tlog and note, which know nothing of Madang.
//
//	verifylog PREFIX VKEY
//
// PREFIX is the log's URL (C2SP tlog-tiles), VKEY its note verifier key. Every entry, every tile, the checkpoint's signature and root, and proofs of
// inclusion and of consistency, both computed from the tiles and as the log gives them, are checked.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

var prefix string

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: verifylog PREFIX VKEY")
	}
	prefix = strings.TrimSuffix(os.Args[1], "/")
	verifier, err := note.NewVerifier(os.Args[2])
	check(err, "the verifier key")

	tree := checkpoint(verifier)
	hashes := entries(tree)
	memory := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = hashes[index]
		}
		return found, nil
	})
	root, err := tlog.TreeHash(tree.N, memory)
	check(err, "the root")
	if root != tree.Hash {
		log.Fatalf("the entries have root %v, the checkpoint says %v", root, tree.Hash)
	}
	tiles := allTiles(tree, memory)
	proofs := provenByTiles(tree, memory) + provenByLog(tree, memory)
	fmt.Printf("%s: %d entries, %d tiles, %d proofs hold\n", prefix, tree.N, tiles, proofs)
}

func checkpoint(verifier note.Verifier) tlog.Tree {
	signed, err := note.Open(fetch("/checkpoint"), note.VerifierList(verifier))
	check(err, "the checkpoint")
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		log.Fatalf("not a checkpoint of %s: %q", verifier.Name(), signed.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "the size")
	root, err := tlog.ParseHash(lines[2])
	check(err, "the root hash")
	return tlog.Tree{N: size, Hash: root}
}

// all stored hashes of the tree, computed from the entries alone
func entries(tree tlog.Tree) []tlog.Hash {
	hashes := make([]tlog.Hash, 0, tlog.StoredHashCount(tree.N))
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = hashes[index]
		}
		return found, nil
	})
	next := int64(0)
	for bundle := int64(0); bundle*256 < tree.N; bundle++ {
		width := tree.N - bundle*256
		if width > 256 {
			width = 256
		}
		path := tlog.Tile{H: height, L: 0, N: bundle, W: int(width)}.Path()
		data := fetch("/tile/entries/" + strings.TrimPrefix(path, "tile/8/0/"))
		for count := int64(0); count < width; count++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				log.Fatalf("bundle %d ends within an entry", bundle)
			}
			length := 2 + int(binary.BigEndian.Uint16(data))
			stored, err := tlog.StoredHashes(next, data[2:length], reader)
			check(err, "an entry")
			hashes = append(hashes, stored...)
			data = data[length:]
			next++
		}
		if len(data) != 0 {
			log.Fatalf("bundle %d has more than %d entries", bundle, width)
		}
	}
	return hashes
}

func allTiles(tree tlog.Tree, memory tlog.HashReader) int {
	tiles := tlog.NewTiles(height, 0, tree.N)
	for _, tile := range tiles {
		want, err := tlog.ReadTileData(tile, memory)
		check(err, "a tile")
		if string(fetch(tilePath(tile))) != string(want) {
			log.Fatalf("%s is not what the entries give", tilePath(tile))
		}
	}
	return len(tiles)
}

func tilePath(tile tlog.Tile) string {
	return "/tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
}

type overHTTP struct{}

func (overHTTP) Height() int                               { return height }
func (overHTTP) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (overHTTP) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data[i] = fetch(tilePath(tile))
	}
	return data, nil
}

// proofs that the verifier makes from the served tiles
func provenByTiles(tree tlog.Tree, memory tlog.HashReader) int {
	served := tlog.TileHashReader(tree, overHTTP{})
	count := 0
	for _, index := range sample(tree.N) {
		proof, err := tlog.ProveRecord(tree.N, index, served)
		check(err, "a proof from the tiles")
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf(memory, index)), "a proof from the tiles")
		older := index + 1
		olderRoot, err := tlog.TreeHash(older, served)
		check(err, "an older root")
		consistency, err := tlog.ProveTree(tree.N, older, served)
		check(err, "a consistency proof from the tiles")
		check(tlog.CheckTree(consistency, tree.N, tree.Hash, older, olderRoot), "a consistency proof from the tiles")
		count += 2
	}
	return count
}

// proofs as the log's own operations answer them
func provenByLog(tree tlog.Tree, memory tlog.HashReader) int {
	count := 0
	for _, index := range sample(tree.N) {
		file := string(fetch(fmt.Sprintf("/entries/%d/proof", index)))
		proof, size := proofFile(file, index)
		if size != tree.N {
			log.Fatalf("a proof for size %d, not %d", size, tree.N)
		}
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf(memory, index)), "a .tlog-proof")
		older := index + 1
		olderRoot, err := tlog.TreeHash(older, memory)
		check(err, "an older root")
		var answer struct {
			Hashes []string `json:"hashes"`
		}
		check(json.Unmarshal(fetch(fmt.Sprintf("/consistency?from=%d&to=%d", older, tree.N)), &answer), "an answer")
		check(tlog.CheckTree(hashes(answer.Hashes), tree.N, tree.Hash, older, olderRoot), "a consistency proof")
		count += 2
	}
	return count
}

func proofFile(file string, index int64) (tlog.RecordProof, int64) {
	head, rest, found := strings.Cut(file, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		log.Fatalf("not a .tlog-proof: %q", file)
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if lines[0] != fmt.Sprintf("index %d", index) {
		log.Fatalf("a .tlog-proof of another entry: %q", lines[0])
	}
	size, err := strconv.ParseInt(strings.Split(rest, "\n")[1], 10, 64)
	check(err, "the size in a .tlog-proof")
	return hashes(lines[1:]), size
}

func hashes(texts []string) []tlog.Hash {
	list := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		bytes, err := base64.StdEncoding.DecodeString(text)
		check(err, "a hash")
		if copy(list[i][:], bytes) != tlog.HashSize {
			log.Fatalf("a hash of %d bytes", len(bytes))
		}
	}
	return list
}

func leaf(memory tlog.HashReader, index int64) tlog.Hash {
	found, err := memory.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	check(err, "a leaf")
	return found[0]
}

// first, last, those beside the edges of tiles, and some between
func sample(size int64) []int64 {
	var list []int64
	for _, index := range []int64{0, 1, 254, 255, 256, 257, 65535, 65536, 65537, size / 7, size / 3, size / 2, size - 2, size - 1} {
		if index >= 0 && index < size {
			list = append(list, index)
		}
	}
	return list
}

func fetch(path string) []byte {
	response, err := http.Get(prefix + path)
	check(err, path)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	check(err, path)
	if response.StatusCode != http.StatusOK {
		log.Fatalf("%s: %s", path, response.Status)
	}
	return body
}

func check(err error, what string) {
	if err != nil {
		log.Fatalf("%s: %v", what, err)
	}
}
