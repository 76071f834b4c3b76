package city.madang.records.witness;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.kit.outage.Outage;
import city.madang.records.TrustAnchorResource;
import city.madang.records.log.cosigning.TestLog;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Cosignature;
import city.madang.tlog.note.NoteSignature;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.tree.Hashes;
import city.madang.tlog.witness.AddCheckpoint;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** C2SP tlog-witness, clause by clause. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
class WitnessTest {

    @Inject
    Pool pool;

    private static TestLog known() {
        TestLog log = TestLog.make("log.example/" + UUID.randomUUID(), "entry ");
        know(log);
        return log;
    }

    private static void know(TestLog log) {
        TrustAnchorResource.knownLogs("log " + log.key() + "\nquorum none\n");
    }

    private static Response post(byte[] body) {
        return given().config(RestAssuredConfig.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType("application/octet-stream")
                .body(body)
                .post("/records/witness/add-checkpoint");
    }

    private static Response post(AddCheckpoint request) {
        return post(request.format().getBytes(UTF_8));
    }

    private static List<VerifierKey> keys() throws Exception {
        List<VerifierKey> keys = new ArrayList<>();
        for (String line :
                given().get("/records/witness/vkeys").asString().lines().toList()) {
            keys.add(VerifierKey.parse(line));
        }
        return keys;
    }

    @Test
    void a_checkpoint_that_goes_on_is_cosigned_by_both_keys() throws Exception {
        TestLog log = known();
        List<VerifierKey> keys = keys();
        assertEquals(
                List.of(VerifierKey.Kind.COSIGNATURE_ED25519, VerifierKey.Kind.COSIGNATURE_ML_DSA_44),
                keys.stream().map(VerifierKey::kind).toList());
        long last = 0;
        for (long size : new long[] {0, 1, 7, 7, 256, 700}) {
            AddCheckpoint request = log.grow(last, size);
            Response answer = post(request);
            assertEquals(200, answer.statusCode(), answer.asString());
            List<NoteSignature> lines = SignedNote.signatureLines(answer.asString());
            assertEquals(2, lines.size());
            for (int i = 0; i < 2; i++) {
                long time = Cosignature.verifiedTime(keys.get(i), request.note(), lines.get(i))
                        .orElseThrow();
                assertTrue(Math.abs(time - System.currentTimeMillis() / 1000) < 60);
            }
            last = size;
        }
        String stored = given().get("/records/witness/" + hex(log.key().name()) + "/checkpoint")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        SignedNote note = SignedNote.parse(stored);
        assertEquals(log.checkpoint(700).text(), note.text());
        assertTrue(Cosignature.verifiedTime(keys.get(1), note).isPresent());
        given().get("/records/witness/" + hex("nobody") + "/checkpoint").then().statusCode(404);
    }

    private static String hex(String origin) {
        return HexFormat.of().formatHex(Hashes.of(origin.getBytes(UTF_8)));
    }

    @Test
    void what_is_malformed_is_answered_400() {
        TestLog log = known();
        String good = log.grow(0, 7).format();
        for (String wrong : List.of(
                "",
                "old 0\n",
                "old 0\n\n",
                good.replace("old 0", "old 00"),
                good.replace("old 0", "old -1"),
                good.replace("old 0", "old"),
                good.replace("old 0", "new 0"),
                good.replace("old 0\n", "old 0\nAAAA\n"),
                good.replace("old 0\n", "old 0\n" + "A".repeat(43) + "\n"),
                good.replace("old 0\n", "old 0\n" + ("A".repeat(43) + "=\n").repeat(64)),
                good.stripTrailing(),
                good.replace("\n7\n", "\n07\n"),
                good.replace("\n7\n", "\n"),
                good.substring(0, good.indexOf("—")),
                good.replace("\n", "\r\n"))) {
            assertEquals(400, post(wrong.getBytes(UTF_8)).statusCode(), wrong);
        }
        // the old size is greater than the checkpoint's
        AddCheckpoint back = new AddCheckpoint(8, List.of(), log.checkpoint(7));
        assertEquals(400, post(back).statusCode());
        assertEquals(400, post(new byte[AddCheckpoint.LONGEST + 1]).statusCode());
        assertEquals(0, rows(log));
    }

    @Test
    void a_log_that_is_not_known_is_answered_404() {
        known();
        TestLog stranger = TestLog.make("log.example/stranger", "entry ");
        assertEquals(404, post(stranger.grow(0, 7)).statusCode());
        assertEquals(0, rows(stranger));
    }

    @Test
    void a_checkpoint_without_a_valid_signature_of_a_trusted_key_is_answered_403() {
        TestLog log = known();
        TestLog impostor = TestLog.make(log.key().name(), "entry ");
        assertEquals(403, post(impostor.grow(0, 7)).statusCode());
        // the log's signature, over another text
        SignedNote seven = log.checkpoint(7);
        SignedNote spoilt = new SignedNote(log.checkpoint(8).text(), seven.signatures());
        assertEquals(403, post(new AddCheckpoint(0, List.of(), spoilt)).statusCode());
        // beside a valid one a spoilt one of the same key: malformed by signed-note
        SignedNote both = new SignedNote(
                seven.text(),
                List.of(
                        seven.signatures().getFirst(),
                        log.checkpoint(8).signatures().getFirst()));
        assertEquals(403, post(new AddCheckpoint(0, List.of(), both)).statusCode());
        // signatures of unknown keys are ignored
        SignedNote more = new SignedNote(
                seven.text(),
                List.of(
                        impostor.checkpoint(7).signatures().getFirst(),
                        seven.signatures().getFirst()));
        assertEquals(200, post(new AddCheckpoint(0, List.of(), more)).statusCode());
    }

    @Test
    void another_size_than_was_cosigned_last_is_answered_409_with_that_size() {
        TestLog log = known();
        assertEquals(200, post(log.grow(0, 300)).statusCode());
        for (AddCheckpoint stale : List.of(log.grow(0, 400), log.grow(299, 400), log.grow(0, 7), log.grow(7, 7))) {
            Response answer = post(stale);
            assertEquals(409, answer.statusCode());
            assertEquals("text/x.tlog.size", answer.header("Content-Type"));
            assertEquals("300\n", answer.asString());
        }
        // the way on from there
        assertEquals(200, post(log.grow(300, 400)).statusCode());
    }

    @Test
    void a_log_that_shows_two_histories_is_refused_and_nothing_is_signed() throws Exception {
        TestLog log = known();
        TestLog fork = log.withHistory("another entry ");
        assertEquals(200, post(log.grow(0, 300)).statusCode());

        // the same size with another root: 409, and no size is offered to go on from
        Response same = post(new AddCheckpoint(300, List.of(), fork.checkpoint(300)));
        assertEquals(409, same.statusCode());
        assertTrue(same.contentType().startsWith("application/problem+json"), same.contentType());
        // a fork with its own proof, with the true proof, with none; the true checkpoint with a false proof
        assertEquals(422, post(fork.grow(300, 400)).statusCode());
        assertEquals(
                422,
                post(new AddCheckpoint(300, log.grow(300, 400).proof(), fork.checkpoint(400)))
                        .statusCode());
        assertEquals(
                422,
                post(new AddCheckpoint(300, List.of(), log.checkpoint(400))).statusCode());
        assertEquals(
                422,
                post(new AddCheckpoint(300, fork.grow(300, 400).proof(), log.checkpoint(400)))
                        .statusCode());
        assertEquals(
                422,
                post(new AddCheckpoint(300, List.of(new byte[32]), log.checkpoint(300)))
                        .statusCode());
        Row last = row(log);
        assertEquals(300, last.getLong("size"));
        assertEquals(
                HexFormat.of().formatHex(log.root(300)),
                HexFormat.of().formatHex(last.getBuffer("root").getBytes()));
        // a proof where none may be, and an empty log that is not empty
        TestLog fresh = known();
        assertEquals(
                422,
                post(new AddCheckpoint(0, List.of(new byte[32]), fresh.checkpoint(7)))
                        .statusCode());
        assertEquals(
                422,
                post(new AddCheckpoint(
                                0,
                                List.of(),
                                new Checkpoint(fresh.key().name(), 0, new byte[32]).signed(fresh.key(), fresh::sign)))
                        .statusCode());
    }

    /** Many clients push two histories of one log at once, while connections of the witness are killed in the middle. */
    @Test
    @Tag("faults")
    void two_histories_are_never_signed_whatever_races_and_is_killed() throws Exception {
        long seed = Long.getLong("madang.faults.seed", System.nanoTime());
        int rounds = Integer.getInteger("madang.faults.rounds", 2);
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        VerifierKey witness = keys().getFirst();
        for (int round = 0; round < rounds; round++) {
            TestLog log = known();
            TestLog fork = log.withHistory("another entry ");
            Map<Long, String> signed = new ConcurrentHashMap<>();
            try (var threads = Executors.newFixedThreadPool(9)) {
                List<Callable<Integer>> work = new ArrayList<>();
                for (int client = 0; client < 8; client++) {
                    TestLog history = client % 2 == 0 ? log : fork;
                    long own = random.nextLong();
                    work.add(() -> push(history, new Random(own), witness, signed));
                }
                long killer = random.nextLong();
                work.add(() -> kill(new Random(killer)));
                int cosigned = 0;
                for (Future<Integer> one : threads.invokeAll(work)) {
                    cosigned += one.get();
                }
                assertTrue(cosigned > 0, "nothing was cosigned in round " + round);
            }
            // all that was signed is of one history, which is the one that is kept
            Row last = row(log);
            TestLog kept = HexFormat.of()
                            .formatHex(log.root(last.getLong("size")))
                            .equals(HexFormat.of()
                                    .formatHex(last.getBuffer("root").getBytes()))
                    ? log
                    : fork;
            signed.forEach((size, root) -> {
                assertEquals(HexFormat.of().formatHex(kept.root(size)), root, "two histories at size " + size);
                assertTrue(size <= last.getLong("size"), "a signature for more than is kept");
            });
        }
    }

    private static int push(TestLog history, Random random, VerifierKey witness, Map<Long, String> signed)
            throws Exception {
        long old = 0;
        int cosigned = 0;
        for (int i = 0; i < 25; i++) {
            long size = Math.min(TestLog.SIZE, old + random.nextInt(30));
            AddCheckpoint request = history.grow(old, Math.max(old, size));
            Response answer = post(request);
            switch (answer.statusCode()) {
                case 200 -> {
                    NoteSignature line =
                            SignedNote.signatureLines(answer.asString()).getFirst();
                    assertTrue(Cosignature.verifiedTime(witness, request.note(), line)
                            .isPresent());
                    String root = HexFormat.of().formatHex(history.root(size));
                    String before = signed.putIfAbsent(size, root);
                    assertTrue(size == 0 || before == null || before.equals(root), "two histories at size " + size);
                    old = size;
                    cosigned++;
                }
                case 409 -> {
                    if (answer.header("Content-Type").equals("text/x.tlog.size")) {
                        old = Math.min(
                                TestLog.SIZE, Long.parseLong(answer.asString().strip()));
                    }
                }
                // killed in the middle, or of the other history
                case 422, 500, 503 -> old = random.nextBoolean() ? old : 0;
                default -> throw new AssertionError(answer.statusCode() + " " + answer.asString());
            }
        }
        return cosigned;
    }

    /** Ends connections of the service that are in the middle of a cosignature. */
    private int kill(Random random) throws Exception {
        for (int i = 0; i < 12; i++) {
            Thread.sleep(10 + random.nextInt(40));
            pool.query(
                            "select pg_terminate_backend(pid) from pg_stat_activity"
                                    + " where pid <> pg_backend_pid() and query like '%witness_log%' and state <> 'idle' limit 2")
                    .execute()
                    // the pool may lend out one that was just killed
                    .onFailure(Outage::isOne)
                    .recoverWithNull()
                    .await()
                    .indefinitely();
        }
        return 0;
    }

    @Test
    void the_database_itself_refuses_a_second_history() {
        TestLog log = known();
        assertEquals(200, post(log.grow(0, 300)).statusCode());
        for (String attack : List.of(
                "update witness_log set size = 299 where origin = $1",
                "update witness_log set root = sha256('x') where origin = $1",
                "update witness_log set cosigned = 0 where origin = $1",
                "delete from witness_log where origin = $1")) {
            assertTrue(
                    org.junit.jupiter.api.Assertions.assertThrows(
                                    RuntimeException.class,
                                    () -> pool.preparedQuery(attack)
                                            .execute(Tuple.of(log.key().name()))
                                            .await()
                                            .indefinitely(),
                                    attack)
                            .getMessage()
                            .contains("cosigned"),
                    attack);
        }
    }

    private long rows(TestLog log) {
        return find(log).size();
    }

    private Row row(TestLog log) {
        return find(log).iterator().next();
    }

    private RowSet<Row> find(TestLog log) {
        return pool.preparedQuery("select size, root from witness_log where origin = $1")
                .execute(Tuple.of(log.key().name()))
                .await()
                .indefinitely();
    }
}
