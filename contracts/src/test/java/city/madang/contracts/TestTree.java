package city.madang.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.tree.Growth;
import city.madang.tlog.tree.Nodes;
import city.madang.tlog.tree.Proofs;
import city.madang.tlog.tree.TileId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A log's tree, with all its earlier sizes. */
record TestTree(Map<TileId, byte[]> tiles) {

    static TestTree of(String content, int size) {
        List<byte[]> entries = IntStream.range(0, size)
                .mapToObj(i -> (content + " " + i).getBytes(UTF_8))
                .toList();
        return new TestTree(Growth.append(0, Map.of(), entries).changed());
    }

    Bytes32 root(long size) {
        return Bytes32.of(Proofs.root(Nodes.in(tiles), size));
    }

    List<Bytes32> consistency(long older, long newer) {
        return Proofs.consistency(Nodes.in(tiles), older, newer).stream()
                .map(Bytes32::of)
                .toList();
    }
}
