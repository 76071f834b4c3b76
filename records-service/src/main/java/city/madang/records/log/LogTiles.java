package city.madang.records.log;

import city.madang.tlog.tree.TileId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Tiles in the database. */
final class LogTiles {

    private LogTiles() {}

    static Uni<Map<TileId, byte[]>> load(SqlClient connection, String agency, Set<TileId> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        Integer[] levels = ids.stream().map(TileId::level).toArray(Integer[]::new);
        Long[] numbers = ids.stream().map(TileId::number).toArray(Long[]::new);
        return connection
                .preparedQuery("select t.level, t.tile, t.hashes from log_tile t"
                        + " join unnest($2::int[], $3::bigint[]) as wanted(level, tile) using (level, tile)"
                        + " where t.agency = $1")
                .execute(Tuple.of(agency, levels, numbers))
                .map(rows -> {
                    Map<TileId, byte[]> tiles = new HashMap<>();
                    for (Row row : rows) {
                        tiles.put(
                                new TileId(row.getInteger(0), row.getLong(1)),
                                row.getBuffer(2).getBytes());
                    }
                    return tiles;
                });
    }

    /** @param tiles whole */
    static Uni<Void> store(SqlClient connection, String agency, Map<TileId, byte[]> tiles) {
        Tuple columns = Tuple.tuple()
                .addString(agency)
                .addValue(tiles.keySet().stream().map(TileId::level).toArray(Integer[]::new))
                .addValue(tiles.keySet().stream().map(TileId::number).toArray(Long[]::new))
                .addValue(tiles.values().stream().map(Buffer::buffer).toArray(Buffer[]::new));
        return connection
                .preparedQuery("insert into log_tile (agency, level, tile, hashes)"
                        + " select $1, level, tile, hashes"
                        + " from unnest($2::int[], $3::bigint[], $4::bytea[]) as t(level, tile, hashes)"
                        + " on conflict (agency, level, tile) do update set hashes = excluded.hashes")
                .execute(columns)
                .replaceWithVoid();
    }
}
