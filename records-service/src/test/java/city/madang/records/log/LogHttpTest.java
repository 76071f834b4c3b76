package city.madang.records.log;

import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.TestTokens;
import city.madang.records.TrustAnchorResource;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.policy.PolicyFile;
import city.madang.tlog.policy.TrustPolicy;
import city.madang.tlog.proof.ProofFile;
import city.madang.tlog.tree.EntryBundle;
import city.madang.tlog.tree.Growth;
import city.madang.tlog.tree.Hashes;
import city.madang.tlog.tree.Nodes;
import city.madang.tlog.tree.Proofs;
import city.madang.tlog.tree.TileId;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.config.DecoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.Test;

/** The log as others see it: C2SP tlog-tiles, proofs, and the operation by which an agency logs commitments. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
class LogHttpTest {

    private static final String LOG = "/records/log/treasury/";

    @Inject
    Pool pool;

    @Inject
    io.vertx.core.Vertx vertx;

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    RecordLog log;

    private void create(String agency) throws Throwable {
        VertxContextSupport.subscribeAndAwait(() -> sessions.withTransaction(session -> log.create(session, agency)));
    }

    private static String hash(String of) {
        return java.util.HexFormat.of().formatHex(Hashes.of(of.getBytes(UTF_8)));
    }

    static String batch(String name, int size) {
        JsonArray entries = new JsonArray();
        for (int i = 0; i < size; i++) {
            entries.add(new JsonObject().put("type", "ledger-page").put("commitment", hash(name + i)));
        }
        return new JsonObject().put("entries", entries).encode();
    }

    static Response post(String agency, String key, String body) {
        return given().auth()
                .oauth2(TestTokens.client(agency))
                .header("Idempotency-Key", "\"" + key + "\"")
                .contentType("application/json")
                .body(body)
                .post("/records/log/" + agency + "/entries");
    }

    private static long published() throws Exception {
        return Checkpoint.parse(SignedNote.parse(given().get(LOG + "checkpoint").asString())
                        .text())
                .size();
    }

    private static byte[] bytes(String path) {
        return given().config(plain())
                .get(LOG + path)
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    private static RestAssuredConfig plain() {
        return RestAssuredConfig.config()
                .decoderConfig(DecoderConfig.decoderConfig().noContentDecoders());
    }

    @Test
    void a_log_is_served_byte_for_byte_as_tlog_tiles() throws Throwable {
        create("treasury");
        long before = size();
        Response first = post("treasury", "tiles-1", batch("first ", 300));
        first.then().statusCode(201).body("log", equalTo("treasury")).body("count", equalTo(300));
        post("treasury", "tiles-2", batch("second ", 411)).then().statusCode(201);
        long size = before + 711;
        awaitTrue("it is published", () -> {
            try {
                return published() >= size;
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        assertEquals(size, published());

        List<byte[]> entries = new ArrayList<>();
        for (long bundle = 0; bundle * 256 < size; bundle++) {
            long width = Math.min(256, size - bundle * 256);
            String path = "tile/entries/%03d%s".formatted(bundle, width == 256 ? "" : ".p/" + width);
            entries.addAll(EntryBundle.entries(bytes(path)));
        }
        assertEquals(size, entries.size());
        String time = first.jsonPath().getString("time");
        assertEquals(
                "{\"commitment\":\"%s\",\"time\":\"%s\",\"type\":\"ledger-page\"}".formatted(hash("first 7"), time),
                new String(entries.get(first.jsonPath().getInt("index") + 7), UTF_8));
        Growth oracle = Growth.append(0, Map.of(), entries);
        Checkpoint head = Checkpoint.parse(
                SignedNote.parse(given().get(LOG + "checkpoint").asString()).text());
        assertArrayEquals(oracle.root(), head.root());
        assertEquals("localhost:8443/records/log/treasury", head.origin());
        for (Map.Entry<TileId, byte[]> tile : oracle.changed().entrySet()) {
            int width = tile.getValue().length / 32;
            String path = "tile/%d/%03d"
                    .formatted(tile.getKey().level(), tile.getKey().number());
            assertArrayEquals(tile.getValue(), bytes(width == 256 ? path : path + ".p/" + width), path);
            // every smaller size was perhaps published: its partial tile is the beginning of the tile
            int part = 1 + width / 2;
            assertArrayEquals(Arrays.copyOf(tile.getValue(), part * 32), bytes(path + ".p/" + part), path);
            if (width < 255) {
                given().get(LOG + path + ".p/" + (width + 1)).then().statusCode(404);
            }
        }
        assertTrue(oracle.changed().containsKey(new TileId(1, 0)));
        types(size);
        proofs(entries, head);
    }

    private static void types(long size) throws Exception {
        Response checkpoint = given().get(LOG + "checkpoint");
        assertEquals(
                "text/plain;charset=utf-8", checkpoint.header("Content-Type").replace(" ", ""));
        assertEquals("no-cache", checkpoint.header("Cache-Control"));
        for (String path : List.of("tile/0/000", "tile/1/000.p/1", "tile/entries/000")) {
            Response tile = given().config(plain()).get(LOG + path);
            assertEquals("application/octet-stream", tile.header("Content-Type"), path);
            assertTrue(tile.header("Cache-Control").contains("immutable"), path);
        }
        Response packed =
                given().config(plain()).header("Accept-Encoding", "gzip").get(LOG + "tile/entries/000");
        assertEquals("gzip", packed.header("Content-Encoding"));
        assertArrayEquals(
                bytes("tile/entries/000"),
                new GZIPInputStream(new ByteArrayInputStream(packed.asByteArray())).readAllBytes());
        for (String wrong : List.of(
                "tile/00/000",
                "tile/64/000",
                "tile/0/0",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/08",
                "tile/0/x000/000",
                "tile/0/x001/" + "%03d".formatted(size / 256 + 1),
                "tile/1/000.p/" + (size / 256 + 1),
                "tile/7/000.p/1",
                "tile/63/000.p/1",
                "tile/entries/999")) {
            given().get(LOG + wrong).then().statusCode(404);
        }
    }

    private static void proofs(List<byte[]> entries, Checkpoint head) throws Exception {
        TrustPolicy policy =
                PolicyFile.parse(("log " + given().get(LOG + "vkey").asString() + "quorum none\n").getBytes(UTF_8));
        for (int index : new int[] {0, 255, 256, entries.size() - 1}) {
            Response file = given().get(LOG + "entries/" + index + "/proof");
            assertTrue(file.header("Content-Disposition").contains(".tlog-proof"));
            ProofFile proof = ProofFile.parse(file.asString());
            assertArrayEquals(entries.get(index), proof.extra().orElseThrow());
            assertInstanceOf(ProofFile.Outcome.Included.class, proof.check(entries.get(index), policy));
            assertInstanceOf(ProofFile.Outcome.Refused.class, proof.check(entries.get(index ^ 1), policy));
        }
        Nodes nodes = Nodes.in(Growth.append(0, Map.of(), entries).changed());
        for (int from : new int[] {0, 1, 256, 300, entries.size()}) {
            JsonObject answer =
                    new JsonObject(given().get(LOG + "consistency?from=" + from).asString());
            assertEquals(head.size(), answer.getLong("to"));
            List<byte[]> hashes = answer.getJsonArray("hashes").stream()
                    .map(hash -> Base64.getDecoder().decode((String) hash))
                    .toList();
            assertTrue(
                    Proofs.consistent(from, Proofs.root(nodes, from), head.size(), head.root(), hashes),
                    "from " + from);
        }
        given().get(LOG + "consistency?from=1&to=2").then().statusCode(200).body("to", equalTo(2));
        given().get(LOG + "consistency?from=2&to=1").then().statusCode(400);
        given().get(LOG + "consistency").then().statusCode(400);
        given().get(LOG + "consistency?from=-1").then().statusCode(400);
        given().get(LOG + "consistency?from=0&to=" + (head.size() + 1)).then().statusCode(404);
        given().get(LOG + "entries/" + head.size() + "/proof").then().statusCode(404);
        given().get("/records/log/nobody/entries/0/proof").then().statusCode(404);
        given().get("/records/log/nobody/consistency?from=0").then().statusCode(404);
    }

    private long size() {
        return pool.query("select size from log where agency = 'treasury'")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void a_batch_is_logged_once_however_often_it_is_sent() throws Throwable {
        create("treasury");
        String body = batch("once ", 17);
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<Response>> sent = threads.invokeAll(IntStream.range(0, 24)
                    .<Callable<Response>>mapToObj(i -> () -> post("treasury", "once", body))
                    .toList());
            TreeSet<String> answers = new TreeSet<>();
            int created = 0;
            for (Future<Response> one : sent) {
                Response answer = one.get();
                created += answer.statusCode() == 201 && answer.header("Idempotency-Replayed") == null ? 1 : 0;
                assertTrue(answer.statusCode() / 100 == 2, answer.asString());
                answers.add(answer.asString());
            }
            assertEquals(1, answers.size(), answers.toString());
            assertTrue(created >= 1);
        }
        long size = size();
        post("treasury", "once", body)
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true")
                .body("count", equalTo(17));
        post("treasury", "once", batch("other ", 17))
                .then()
                .statusCode(422)
                .body("type", equalTo("urn:madang:problem:idempotency-key-reused"));
        assertEquals(size, size());
    }

    @Test
    void only_commitments_of_the_agencys_own_are_logged() throws Throwable {
        create("treasury");
        create("transport");
        String good = batch("good ", 2);
        long before = size();
        given().auth()
                .oauth2(TestTokens.client("transport"))
                .header("Idempotency-Key", "\"foreign\"")
                .contentType("application/json")
                .body(good)
                .post(LOG + "entries")
                .then()
                .statusCode(403);
        given().auth()
                .oauth2(TestTokens.client("treasury"))
                .contentType("application/json")
                .body(good)
                .post(LOG + "entries")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:madang:problem:idempotency-key-missing"));
        post("treasury", "k".repeat(65), good).then().statusCode(400);
        String hash = hash("x");
        for (String wrong : List.of(
                "{}",
                "[]",
                "{\"entries\": []}",
                "{\"entries\": {}}",
                "{\"entries\": [\"text\"]}",
                "{\"entries\": [{\"type\": \"a\"}]}",
                "{\"entries\": [{\"type\": \"a\", \"commitment\": \"" + hash + "\", \"name\": \"Minji\"}]}",
                "{\"entries\": [{\"type\": \"A\", \"commitment\": \"" + hash + "\"}]}",
                "{\"entries\": [{\"type\": \"a\", \"commitment\": \"" + hash.toUpperCase(java.util.Locale.ROOT)
                        + "0\"}]}",
                "{\"entries\": [{\"type\": \"a\", \"commitment\": \"Minji Kim\"}]}",
                "{\"entries\": [{\"type\": \"" + "a".repeat(65) + "\", \"commitment\": \"" + hash + "\"}]}",
                "{\"entries\": [{\"type\": 1, \"commitment\": \"" + hash + "\"}]}",
                batch("many ", 1001))) {
            post("treasury", "wrong", wrong).then().statusCode(400);
        }
        post("treasury", "wrong", " ".repeat(300_000)).then().statusCode(413);
        assertEquals(before, size());
        // nothing was noted for the key either
        post("treasury", "wrong", good).then().statusCode(201);
    }

    /** As if the database had been set back or altered behind the service's back. */
    @Test
    void a_log_that_does_not_go_on_from_what_was_published_gets_no_signature() throws Throwable {
        create("altered");
        VertxContextSupport.subscribeAndAwait(() -> log.append("altered", "one", "one".getBytes(UTF_8)));
        awaitTrue("published", () -> log.publishedIndex("altered", "one")
                .await()
                .indefinitely()
                .isPresent());
        alter("sha256(published_root)");
        String before = given().get("/records/log/altered/checkpoint").asString();
        VertxContextSupport.subscribeAndAwait(() -> log.append("altered", "two", "two".getBytes(UTF_8)));
        // other logs are published on and on meanwhile
        create("beside");
        for (int i = 0; i < 3; i++) {
            String key = "beside " + i;
            VertxContextSupport.subscribeAndAwait(() -> log.append("beside", key, key.getBytes(UTF_8)));
            awaitTrue("published", () -> log.publishedIndex("beside", key)
                    .await()
                    .indefinitely()
                    .isPresent());
        }
        assertEquals(before, given().get("/records/log/altered/checkpoint").asString());
        assertTrue(log.publishedIndex("altered", "two").await().indefinitely().isEmpty());
        // mended from a copy, it goes on
        alter("decode('" + java.util.HexFormat.of().formatHex(Hashes.leaf("one".getBytes(UTF_8))) + "', 'hex')");
        awaitTrue("published", () -> log.publishedIndex("altered", "two")
                .await()
                .indefinitely()
                .isPresent());
    }

    @Test
    void what_waits_for_a_log_that_is_not_published_or_fails_keeps_nothing_else_from_being_told() throws Throwable {
        create("told-of");
        VertxContextSupport.subscribeAndAwait(() -> log.append("told-of", "fails", "fails".getBytes(UTF_8)));
        VertxContextSupport.subscribeAndAwait(() -> log.append("told-of", "told", "told".getBytes(UTF_8)));
        List<String> told = new java.util.concurrent.CopyOnWriteArrayList<>();
        WhenPublished published = new WhenPublished(
                new Tidings() {
                    @Override
                    public String name() {
                        return "what a test tells";
                    }

                    @Override
                    public java.time.Duration idle() {
                        return java.time.Duration.ofMillis(20);
                    }

                    @Override
                    public String untold() {
                        return "select * from (select 0 as place, 'told-of' as agency, 'fails' as key union all"
                                + " select i, 'never-published', 'k' || i from generate_series(1, 250) i union all"
                                + " select 251, 'told-of', 'told') untold order by place";
                    }

                    @Override
                    public String key(Row row) {
                        return row.getString("key");
                    }

                    @Override
                    public Uni<Boolean> tell(Row row, long index) {
                        if (key(row).equals("fails")) {
                            throw new IllegalStateException("this one cannot be told");
                        }
                        told.add(key(row));
                        return Uni.createFrom().item(true);
                    }
                },
                vertx,
                pool,
                log);
        published.start();
        try {
            awaitTrue("the last is told", () -> !told.isEmpty());
        } finally {
            published.stop();
        }
        assertEquals("told", told.getFirst());
    }

    private void alter(String publishedRoot) {
        pool.query("alter table log disable trigger log_only_grows;"
                        + " update log set published_root = " + publishedRoot + " where agency = 'altered';"
                        + " alter table log enable trigger log_only_grows")
                .execute()
                .await()
                .indefinitely();
    }

    @Test
    void a_log_never_shrinks_whatever_is_sent_to_the_database() throws Throwable {
        create("treasury");
        post("treasury", "never", batch("never ", 3)).then().statusCode(201);
        for (String attack : List.of(
                "update log set size = size - 1 where agency = 'treasury'",
                "update log set root = sha256('x') where agency = 'treasury'",
                "update log set published_size = published_size - 1 where agency = 'treasury'",
                "delete from log_bundle where agency = 'treasury'",
                "delete from log_tile where agency = 'treasury'",
                "delete from log_key where agency = 'treasury'",
                "truncate log_bundle")) {
            assertTrue(
                    org.junit.jupiter.api.Assertions.assertThrows(
                                    RuntimeException.class,
                                    () -> pool.query(attack).execute().await().indefinitely(),
                                    attack)
                            .getMessage()
                            .contains(attack.startsWith("update") ? "only grows" : "what was logged stays"),
                    attack);
        }
    }
}
