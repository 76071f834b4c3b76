package city.madang.records.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.postgres.PostgresServer;
import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.policy.TrustPolicy;
import city.madang.tlog.tree.EntryBundle;
import city.madang.tlog.tree.Growth;
import city.madang.tlog.tree.Hashes;
import city.madang.tlog.tree.Nodes;
import city.madang.tlog.tree.Proofs;
import city.madang.tlog.tree.TileId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the process that sequences and publishes with SIGKILL while it stands at each of its writes, on a real PostgreSQL. Triggers that only this test
 * has hold the statement there until the process is gone. After every death the log is verified from entry 0.
 */
@Tag("faults")
class SequencerKillTest {

    private static final String AGENCY = "killed";

    /** Every write of a turn and of a publication, their commits, and any moment. */
    private static final List<String> PLACES =
            List.of("size", "bundle", "tile", "key", "queue", "commit", "publish", "published", "any");

    private static final String TRIGGERS =
            """
            create sequence arrivals;
            create table kill_at (place text not null, arrival bigint not null);
            create function stop_here() returns trigger language plpgsql as $$
            begin
                if exists (select from kill_at where place = tg_argv[0]) and nextval('arrivals') >= (select arrival from kill_at) then
                    perform pg_sleep(60);
                end if;
                return case when tg_op = 'DELETE' then old else new end;
            end
            $$;
            create trigger stop_size before update on log for each row when (new.size <> old.size) execute function stop_here('size');
            create trigger stop_bundle after insert or update on log_bundle for each row execute function stop_here('bundle');
            create trigger stop_tile after insert or update on log_tile for each row execute function stop_here('tile');
            create trigger stop_key after insert on log_key for each row execute function stop_here('key');
            create trigger stop_queue after delete on log_queue for each row execute function stop_here('queue');
            create constraint trigger stop_commit after insert on log_key deferrable initially deferred
                for each row execute function stop_here('commit');
            create trigger stop_publish before update on log for each row when (new.published_size <> old.published_size)
                execute function stop_here('publish');
            create constraint trigger stop_published after update on log deferrable initially deferred
                for each row when (new.published_size <> old.published_size) execute function stop_here('published');
            """;

    @TempDir
    static Path folder;

    private static Watchdog watchdog;
    private static PostgresServer server;
    private static PostgresServer.Database database;
    private static VerifierKey key;
    private static Path keyFile;

    /** What the process said: never to be forgotten by the log. */
    private final Map<String, Long> logged = new ConcurrentHashMap<>();

    private final Set<String> queued = ConcurrentHashMap.newKeySet();

    /** Roots that anyone may have seen, by size. */
    private final Map<Long, String> seen = new TreeMap<>();

    @BeforeAll
    static void start() throws Exception {
        watchdog = new Watchdog();
        server = PostgresServer.start(
                new PostgresServer.Settings(
                        folder.resolve("data"), folder.resolve("keys"), folder.resolve("logs/postgres.log"), false),
                Tools.ofProject(),
                watchdog);
        database = server.database("records");
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        keyFile = Files.writeString(
                folder.resolve("log.key"),
                Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())
                        + "\n"
                        + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())
                        + "\n");
        String origin = SequencerProcess.ORIGIN.substring("https://".length()) + "/records/log/" + AGENCY;
        key = VerifierKey.of(origin, VerifierKey.Kind.ED25519, pair.getPublic());
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (Path migration : migrations()) {
                statement.execute(Files.readString(migration));
            }
            statement.execute(TRIGGERS);
            statement.execute("insert into log (agency, origin, size, root) values ('%s', '%s', 0, '\\x%s')"
                    .formatted(AGENCY, origin, HexFormat.of().formatHex(Hashes.empty())));
        }
    }

    @AfterAll
    static void stop() {
        server.close();
        watchdog.dismiss();
    }

    private static List<Path> migrations() throws IOException {
        Path all = Path.of(System.getProperty("madang.root"), "records-service/src/main/resources/db/migration");
        try (Stream<Path> files = Files.list(all)) {
            return files.sorted(Comparator.comparing(file ->
                            Integer.parseInt(file.getFileName().toString().replaceAll("^V([0-9]+)_.*", "$1"))))
                    .toList();
        }
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    @Test
    void whatever_is_killed_when_the_log_verifies_from_its_first_entry_and_lacks_nothing_acknowledged()
            throws Exception {
        long seed = Long.getLong("madang.faults.seed", System.nanoTime());
        int rounds = Integer.getInteger("madang.faults.rounds", 1);
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int deaths = 0;
        for (int round = 0; round < rounds; round++) {
            for (String place : PLACES) {
                dieAt(place, "life-" + deaths, random);
                deaths++;
                verify(place);
            }
        }
        try (Life last = new Life("last", random.nextLong())) {
            last.awaitWords(100);
        }
        verify("the end");
        System.out.printf(
                "%d deaths, %d entries acknowledged, %d queued, %d checkpoints seen%n",
                deaths, logged.size(), queued.size(), seen.size());
        assertTrue(logged.size() > 50 && queued.size() > 10, "little was done");
    }

    private void dieAt(String place, String name, Random random) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                Life life = new Life(name, random.nextLong())) {
            life.awaitWords(5);
            if (place.equals("any")) {
                Thread.sleep(random.nextInt(300));
                life.kill();
                return;
            }
            statement.execute("select setval('arrivals', 1)");
            statement.execute("insert into kill_at values ('%s', %d)".formatted(place, 2 + random.nextInt(20)));
            try {
                awaitStopped(statement, life, place);
                look(statement);
                life.kill();
            } finally {
                statement.execute("delete from kill_at");
                statement.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'");
            }
        }
    }

    private static void awaitStopped(Statement statement, Life life, String place) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (System.nanoTime() < deadline) {
            try (ResultSet stopped =
                    statement.executeQuery("select pid from pg_stat_activity where wait_event = 'PgSleep'")) {
                if (stopped.next()) {
                    return;
                }
            }
            assertTrue(life.process.isAlive(), "the process ended by itself");
            Thread.sleep(10);
        }
        throw new AssertionError("the process never came to " + place);
    }

    /** Sees what is published, as anyone may at any time. */
    private void look(Statement statement) throws SQLException {
        try (ResultSet head = statement.executeQuery(
                "select published_size, encode(published_root, 'hex') from log where published_size >= 0")) {
            if (head.next()) {
                String before = seen.putIfAbsent(head.getLong(1), head.getString(2));
                assertTrue(before == null || before.equals(head.getString(2)), "two roots of size " + head.getLong(1));
            }
        }
    }

    private void verify(String after) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // whatever transaction was open is gone
            awaitQuiet(statement);
            look(statement);
            List<byte[]> entries = new ArrayList<>();
            try (ResultSet bundles = statement.executeQuery("select bundle, entries from log_bundle order by bundle")) {
                while (bundles.next()) {
                    assertEquals(entries.size() / 256, bundles.getLong(1), after);
                    entries.addAll(EntryBundle.entries(bundles.getBytes(2)));
                }
            }
            Growth oracle = Growth.append(0, Map.of(), entries);
            Nodes nodes = Nodes.in(oracle.changed());
            try (ResultSet head =
                    statement.executeQuery("select size, root, published_size, published_root, checkpoint from log")) {
                assertTrue(head.next());
                assertEquals(entries.size(), head.getLong(1), after);
                assertArrayEquals(oracle.root(), head.getBytes(2), after);
                if (head.getLong(3) >= 0) {
                    assertArrayEquals(Proofs.root(nodes, head.getLong(3)), head.getBytes(4), after);
                    TrustPolicy.Verdict.Trusted trusted = assertInstanceOf(
                            TrustPolicy.Verdict.Trusted.class,
                            new TrustPolicy(List.of(), Map.of(), new TrustPolicy.Quorum.None())
                                    .judge(SignedNote.parse(head.getString(5)), List.of(key)));
                    assertEquals(head.getLong(3), trusted.checkpoint().size(), after);
                    assertArrayEquals(head.getBytes(4), trusted.checkpoint().root(), after);
                }
            }
            seen.forEach((size, root) -> assertEquals(
                    root, HexFormat.of().formatHex(Proofs.root(nodes, size)), "what was seen at size " + size));
            tiles(statement, oracle, after);
            keys(statement, entries, after);
        }
    }

    private static void awaitQuiet(Statement statement) throws Exception {
        for (int i = 0; i < 400; i++) {
            try (ResultSet others = statement.executeQuery(
                    "select count(*) from pg_stat_activity"
                            + " where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'")) {
                others.next();
                if (others.getLong(1) == 0) {
                    return;
                }
            }
            Thread.sleep(25);
        }
        throw new AssertionError("connections of the dead process remain");
    }

    private static void tiles(Statement statement, Growth oracle, String after) throws SQLException {
        Map<TileId, byte[]> stored = new HashMap<>();
        try (ResultSet tiles = statement.executeQuery("select level, tile, hashes from log_tile")) {
            while (tiles.next()) {
                stored.put(new TileId(tiles.getInt(1), tiles.getLong(2)), tiles.getBytes(3));
            }
        }
        assertEquals(oracle.changed().keySet(), stored.keySet(), after);
        oracle.changed().forEach((id, hashes) -> assertArrayEquals(hashes, stored.get(id), after + " " + id));
    }

    private void keys(Statement statement, List<byte[]> entries, String after) throws SQLException {
        Map<String, Long> indexes = new HashMap<>();
        try (ResultSet keys = statement.executeQuery("select key, index from log_key order by index")) {
            while (keys.next()) {
                assertEquals(indexes.size(), keys.getLong(2), after);
                assertEquals("entry of " + keys.getString(1), new String(entries.get(indexes.size()), UTF_8), after);
                indexes.put(keys.getString(1), keys.getLong(2));
            }
        }
        assertEquals(entries.size(), indexes.size(), after);
        logged.forEach((key, index) -> assertEquals(index, indexes.get(key), after + ": acknowledged " + key));
        try (ResultSet waiting = statement.executeQuery("select key from log_queue")) {
            while (waiting.next()) {
                assertEquals(null, indexes.putIfAbsent(waiting.getString(1), -1L), after + ": logged and waiting");
            }
        }
        queued.forEach(key -> assertNotNull(indexes.get(key), after + ": queued " + key));
    }

    /** One life of the process. */
    private final class Life implements AutoCloseable {

        private final Process process;
        private final Thread listening;
        private volatile int words;

        Life(String name, long seed) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            SequencerProcess.class.getName(),
                            database.reactiveUrl(),
                            database.user(),
                            database.password(),
                            AGENCY,
                            keyFile.toString(),
                            name,
                            Long.toString(seed))
                    .redirectError(folder.resolve(name + ".err").toFile())
                    .start();
            listening = Thread.ofPlatform().daemon().start(this::listen);
        }

        private void listen() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String[] parts = line.split(" ", -1);
                    if (!parts[parts.length - 1].equals(".")) {
                        continue;
                    }
                    if (parts[0].equals("logged")) {
                        logged.put(parts[1], Long.parseLong(parts[2]));
                    } else if (parts[0].equals("queued")) {
                        queued.add(parts[1]);
                    }
                    words++;
                }
            } catch (IOException | UncheckedIOException ended) {
                // the process is dead
            }
        }

        void awaitWords(int many) throws InterruptedException {
            for (int i = 0; words < many && i < 4_000; i++) {
                assertTrue(process.isAlive(), "the process ended: see " + folder);
                Thread.sleep(10);
            }
            assertTrue(words >= many, "the process says nothing");
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            listening.join(20_000);
        }

        @Override
        public void close() throws InterruptedException {
            kill();
        }
    }
}
