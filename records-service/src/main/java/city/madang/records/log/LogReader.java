package city.madang.records.log;

import city.madang.tlog.proof.ProofFile;
import city.madang.tlog.tree.EntryBundle;
import city.madang.tlog.tree.Hashes;
import city.madang.tlog.tree.Nodes;
import city.madang.tlog.tree.Proofs;
import city.madang.tlog.tree.TileId;
import city.madang.tlog.tree.Tiles;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads what is published of a log. */
@ApplicationScoped
public class LogReader {

    private final Pool pool;

    LogReader(Pool pool) {
        this.pool = pool;
    }

    /**
     * The latest published checkpoint.
     *
     * @param note the signed note
     */
    public record Published(String agency, String origin, long size, byte[] root, String note) {}

    public Uni<Optional<Published>> published(String agency) {
        return pool.preparedQuery("select agency, origin, published_size, published_root, checkpoint from log"
                        + " where agency = $1 and published_size >= 0")
                .execute(Tuple.of(agency))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(LogReader::published)
                        .findFirst());
    }

    public Uni<List<Published>> allPublished() {
        return pool.query("select agency, origin, published_size, published_root, checkpoint from log"
                        + " where published_size >= 0")
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(LogReader::published)
                        .toList());
    }

    private static Published published(Row row) {
        return new Published(
                row.getString(0),
                row.getString(1),
                row.getLong(2),
                row.getBuffer(3).getBytes(),
                row.getString(4));
    }

    /** The first {@code width} hashes of a tile; empty unless a published checkpoint covers them all. */
    Uni<Optional<byte[]>> tile(String agency, TileId id, int width) {
        return published(agency)
                .chain(log -> log.isEmpty() || Tiles.widthIn(id, log.get().size()) < width
                        ? Uni.createFrom().item(Optional.empty())
                        : LogTiles.load(pool, agency, java.util.Set.of(id))
                                .map(tiles -> Optional.ofNullable(tiles.get(id))
                                        .map(hashes -> Arrays.copyOf(hashes, width * Hashes.BYTES))));
    }

    /** The first {@code width} entries of a bundle; empty unless a published checkpoint covers them all. */
    Uni<Optional<byte[]>> entries(String agency, long bundle, int width) {
        return published(agency)
                .chain(log -> log.isEmpty()
                                || Tiles.widthIn(
                                                new TileId(0, bundle), log.get().size())
                                        < width
                        ? Uni.createFrom().item(Optional.empty())
                        : LogBundles.load(pool, agency, bundle)
                                .map(found -> found.map(entries -> EntryBundle.first(entries, width))));
    }

    Uni<Boolean> exists(String agency) {
        return pool.preparedQuery("select 1 from log where agency = $1")
                .execute(Tuple.of(agency))
                .map(rows -> rows.size() > 0);
    }

    /** The {@code .tlog-proof} of an entry, which it brings along; empty unless a published checkpoint covers it. */
    public Uni<Optional<String>> proof(String agency, long index) {
        return published(agency).chain(found -> found.filter(log -> index < log.size())
                .map(log -> proof(log, index).map(Optional::of))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private Uni<String> proof(Published log, long index) {
        return LogTiles.load(pool, log.agency(), Nodes.tilesRead(nodes -> Proofs.inclusion(nodes, index, log.size())))
                .chain(tiles -> LogBundles.load(pool, log.agency(), Edge.bundleAt(index))
                        .map(bundle -> new ProofFile(
                                        bundle.map(entries ->
                                                EntryBundle.entries(entries).get((int) (index % Tiles.WIDTH))),
                                        index,
                                        Proofs.inclusion(Nodes.in(tiles), index, log.size()),
                                        log.note())
                                .format()));
    }

    /** The consistency proof between two sizes of the log; {@code newer} is published. */
    public Uni<List<byte[]>> consistency(String agency, long older, long newer) {
        return LogTiles.load(pool, agency, Nodes.tilesRead(nodes -> Proofs.consistency(nodes, older, newer)))
                .map(tiles -> Proofs.consistency(Nodes.in(tiles), older, newer));
    }

    /** Whether the entry stands at this index under the published root, recomputed from the tiles. */
    public Uni<Boolean> holds(String agency, long index, byte[] entry) {
        return published(agency).chain(found -> {
            if (found.isEmpty() || index >= found.get().size()) {
                return Uni.createFrom().item(false);
            }
            Published log = found.get();
            return LogTiles.load(pool, agency, Nodes.tilesRead(nodes -> Proofs.inclusion(nodes, index, log.size())))
                    .map(tiles -> Proofs.verifies(
                            Hashes.leaf(entry),
                            index,
                            log.size(),
                            Proofs.inclusion(Nodes.in(tiles), index, log.size()),
                            log.root()));
        });
    }
}
