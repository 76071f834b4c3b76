package city.madang.bench.records;

import city.madang.bench.report.Measured;
import city.madang.devstack.postgres.PostgresServer;
import city.madang.tlog.tree.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;

/** What no log on this machine can do better than. */
final class LogLimits {

    private static final int HASHED = 400_000;
    private static final int SYNCS = 400;
    private static final int BLOCK = 4096;

    /** Bytes of an entry as an agency's batches make them. */
    private static final int ENTRY = 130;

    private static final double MILLION = 1e6;

    private final Path folder;
    private final PostgresServer.Database database;

    LogLimits(Path folder, PostgresServer.Database database) {
        this.folder = folder;
        this.database = database;
    }

    /** The leaf of an entry, and one node for it: a tree has as many nodes as leaves. One thread. */
    Measured hashes() {
        var entry = new byte[ENTRY];
        var hash = Hashes.leaf(entry);
        var began = System.nanoTime();
        for (var i = 0; i < HASHED; i++) {
            entry[i % ENTRY]++;
            hash = Hashes.node(hash, Hashes.leaf(entry));
        }
        var nanos = System.nanoTime() - began;
        if (hash.length != Hashes.BYTES) {
            throw new IllegalStateException("no hash");
        }
        return new Measured(0, HASHED * 1e9 / nanos, 0, 0, nanos / MILLION / HASHED, 0);
    }

    /** One block after the other, each on disk before the next. */
    Measured syncs() {
        var file = folder.resolve("sync.bin");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var block = ByteBuffer.allocate(BLOCK);
            var latencies = new long[SYNCS];
            var began = System.nanoTime();
            for (var i = 0; i < SYNCS; i++) {
                var sent = System.nanoTime();
                block.clear();
                channel.write(block, (long) i * BLOCK);
                channel.force(false);
                latencies[i] = System.nanoTime() - sent;
            }
            return measured(System.nanoTime() - began, latencies);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            remove(file);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** One row after the other over one connection, each committed before the next. */
    Measured commits() {
        try (var connection = connect()) {
            try (var statement = connection.createStatement()) {
                statement.execute(
                        "create table if not exists bench_row (id bigint generated always as identity, content bytea)");
            }
            var latencies = new long[SYNCS];
            var began = System.nanoTime();
            try (var insert = connection.prepareStatement("insert into bench_row (content) values (?)")) {
                for (var i = 0; i < SYNCS; i++) {
                    var sent = System.nanoTime();
                    insert.setBytes(1, new byte[ENTRY]);
                    insert.executeUpdate();
                    latencies[i] = System.nanoTime() - sent;
                }
            }
            return measured(System.nanoTime() - began, latencies);
        } catch (SQLException failed) {
            throw new IllegalStateException("PostgreSQL does not take rows: " + failed.getMessage(), failed);
        }
    }

    private static Measured measured(long nanos, long[] latencies) {
        Arrays.sort(latencies);
        var perSecond = latencies.length * 1e9 / nanos;
        return new Measured(
                perSecond,
                perSecond,
                latencies[latencies.length / 2] / MILLION,
                latencies[latencies.length * 99 / 100] / MILLION,
                0,
                0);
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        var connection = new org.postgresql.Driver().connect(database.jdbcUrl(), properties);
        if (connection == null) {
            throw new SQLException("the driver refused its own URL");
        }
        return connection;
    }
}
