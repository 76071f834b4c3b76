package city.madang.records.retention;

import static city.madang.records.OtherServices.await;
import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.TestTokens;
import city.madang.kit.handover.HandoverKey;
import city.madang.records.City;
import city.madang.records.OtherServices;
import city.madang.records.TrustAnchorResource;
import city.madang.records.documents.Desk;
import city.madang.records.log.LogReader;
import city.madang.tlog.tree.Hashes;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Keys that turn, records that end, and what is left of them: nothing but that they ended. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionTest {

    private static final String BASIS = "\"legal_basis\": {\"ko\": \"삭제 요구\", \"en\": \"Erasure on request\"}";

    @Inject
    Pool pool;

    @Inject
    Disposal disposal;

    @Inject
    LogReader log;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @ConfigProperty(name = "madang.data-dir")
    Path dataDir;

    private OtherServices others;
    private String officer;

    @BeforeEach
    void city() {
        officer = TestTokens.user("officer.transport");
        if (others == null) {
            others = new OtherServices(broker);
            others.register("transport", "교통국", "Transport Bureau");
            awaitTrue(
                    "certified",
                    () -> number("select count(*) from agency where agency = 'transport' and chain is not null") == 1);
            Desk.define("transport", "kept-papers", Desk.papers());
            Desk.define("transport", "erasable-papers", Desk.papers().put("early_destruction", true));
        }
    }

    @AfterAll
    void close() {
        others.close();
    }

    @Test
    void a_rotation_rewraps_the_keys_leaves_the_documents_and_destroys_the_old_key() throws Exception {
        String document = Desk.keep("transport", "kept-papers", "돌아가는 열쇠");
        int before = (int) number("select max(version) from wrapping_key where agency = 'transport'");
        Path blob = blob(document);
        var written = Files.getLastModifiedTime(blob);
        String id = await("ordered", () -> {
            Response answer = given().auth().oauth2(officer).post("/records/keys/rotations");
            return answer.statusCode() == 202 ? answer.path("id") : null;
        });
        awaitTrue("finished", () -> given().auth()
                .oauth2(officer)
                .get("/records/keys/rotations/" + id)
                .then()
                .statusCode(200)
                .extract()
                .path("state")
                .equals("finished"));
        given().auth()
                .oauth2(officer)
                .get("/records/keys/rotations/" + id)
                .then()
                .body("to_version", equalTo(before + 1));
        assertEquals(
                0,
                number(
                        "select count(*) from (select key_version, agency from record union all select key_version, agency from record_json union all select key_version, agency"
                                + " from document_version) k where agency = 'transport' and key_version <= " + before));
        Path keys = dataDir.resolve("keys/agency/transport");
        assertFalse(Files.exists(keys.resolve(before == 1 ? "documents.aes" : "documents-" + before + ".aes")));
        assertTrue(Files.exists(keys.resolve("documents-" + (before + 1) + ".aes")));
        assertEquals(written, Files.getLastModifiedTime(blob), "the document was not rewritten");
        String minji = TestTokens.user("minji");
        awaitTrue("read", () -> Desk.read(minji, document, "/content").statusCode() == 200);
        assertEquals(
                "돌아가는 열쇠", new String(Desk.read(minji, document, "/content").asByteArray(), UTF_8));
        Desk.keep("transport", "kept-papers", "nach der Drehung");
        given().auth()
                .oauth2(TestTokens.user("officer.cityhall"))
                .get("/records/keys/rotations/" + id)
                .then()
                .statusCode(404);
    }

    @Test
    void shredding_leaves_nothing_by_which_the_content_or_its_log_entry_could_be_found_and_the_log_still_verifies()
            throws Exception {
        String document = Desk.keep("transport", "erasable-papers", "지워질 내용");
        String minji = TestTokens.user("minji");
        JsonObject opening = await("released", () -> {
            Response answer = Desk.read(minji, document, "/opening");
            return answer.statusCode() == 200 ? new JsonObject(answer.asString()) : null;
        });
        String entry = opening.getString("entry");
        JsonObject commitments = new JsonObject(entry);
        String wrapped = one("select encode(wrapped_key, 'hex') from document_version where document = '" + document
                        + "'")
                .getString(0);
        Path blob = blob(document);
        assertTrue(Files.exists(blob));
        String order = "{\"record\": \"" + document + "\", " + BASIS + "}";
        destroy(TestTokens.user("officer.cityhall"), order).then().statusCode(404);
        destroy(officer, order).then().statusCode(202).body("ground", equalTo("order"));
        destroy(officer, order).then().statusCode(404);

        Desk.read(minji, document, "/content").then().statusCode(404);
        others.awaitEvent("record.shredded", data -> document.equals(data.getString("record")));
        assertFalse(Files.exists(blob));
        List<String> secrets = List.of(
                opening.getString("record_salt"),
                opening.getString("document_salt"),
                wrapped,
                opening.getString("ciphertext_sha256"),
                "지워질 내용");
        List<String> links = List.of(
                commitments.getString("record"),
                commitments.getString("document_sha256"),
                commitments.getString("metadata_sha256"),
                commitments.getString("ciphertext_sha256"));
        for (Row table : rows("select table_name from information_schema.tables where table_schema = 'public' and"
                + " table_type = 'BASE TABLE'")) {
            for (Row row : rows("select to_jsonb(t)::text from " + table.getString(0) + " t")) {
                for (String secret : secrets) {
                    assertFalse(row.getString(0).contains(secret), table.getString(0) + " still holds " + secret);
                }
                boolean inLog = table.getString(0).startsWith("log_");
                for (String link : links) {
                    assertTrue(inLog || !row.getString(0).contains(link), table.getString(0) + " still holds " + link);
                }
                assertFalse(
                        inLog
                                && row.getString(0).contains(document)
                                && !row.getString(0).contains("shredded/"),
                        "the log's tables name the document");
            }
        }
        try (Stream<Path> files = Files.walk(dataDir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(
                        HexFormat.of().formatHex(Files.readAllBytes(file)).contains(wrapped.substring(8)),
                        file.toString());
            }
        }
        // the log still holds the entry, and proves it
        assertTrue(holds(opening.getLong("log_index"), entry));
        certified(document);
    }

    /** The certificate verifies by its own certificates, and its entry is in the log and about this record. */
    private JsonObject certified(String record) throws Exception {
        String jws = await("certified", () -> {
            Response answer = given().get("/records/destructions/" + record + "/certificate");
            return answer.statusCode() == 200 ? answer.asString() : null;
        });
        String[] parts = jws.split("\\.");
        JsonObject header = new JsonObject(new String(Base64.getUrlDecoder().decode(parts[0]), UTF_8));
        X509Certificate leaf = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(
                        Base64.getDecoder().decode(header.getJsonArray("x5c").getString(0))));
        X509Certificate issuer = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(
                        Base64.getDecoder().decode(header.getJsonArray("x5c").getString(1))));
        leaf.verify(issuer.getPublicKey());
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(leaf.getPublicKey());
        signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
        assertTrue(signature.verify(Base64.getUrlDecoder().decode(parts[2])));
        JsonObject claims = new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8));
        assertEquals(record, claims.getString("record"));
        byte[] salt = HexFormat.of().parseHex(claims.getString("salt"));
        JsonObject entry = new JsonObject(claims.getString("entry"));
        assertEquals("record.shredded", entry.getString("type"));
        assertEquals(HexFormat.of().formatHex(Hashes.of(salt, record.getBytes(UTF_8))), entry.getString("record"));
        String grounds = "{\"ground\":\"" + claims.getString("ground") + "\",\"legal_basis\":{\"en\":\""
                + claims.getJsonObject("legal_basis").getString("en") + "\",\"ko\":\""
                + claims.getJsonObject("legal_basis").getString("ko") + "\"}}";
        assertEquals(HexFormat.of().formatHex(Hashes.of(salt, grounds.getBytes(UTF_8))), entry.getString("grounds"));
        assertTrue(holds(claims.getLong("log_index"), claims.getString("entry")));
        given().get("/records/destructions/" + record + "/proof").then().statusCode(200);
        return claims;
    }

    @Test
    void a_sealed_record_is_shredded_by_order_and_its_entry_no_longer_leads_to_it() throws Exception {
        City.publish("transport", "shredded-permit", City.officerDecides());
        UUID application = City.apply("junho", "shredded-permit");
        others.tell(
                "identity",
                "presentation.waived",
                application.toString(),
                new JsonObject()
                        .put("application", application.toString())
                        .put("handover_key", HandoverKey.publicJwk(HandoverKey.generate())));
        awaitTrue("deciding", () -> City.state(application, TestTokens.user("junho"))
                .equals("deciding"));
        given().auth()
                .oauth2(officer)
                .contentType("application/json")
                .body("{\"decision\": \"granted\", \"reason\": \"as the bylaw says\"}")
                .post("/records/applications/" + application + "/decision")
                .then()
                .statusCode(200);
        String record = others.awaitEvent(
                        "record.sealed", data -> application.toString().equals(data.getString("application")))
                .subject();
        Row kept = one("select encode(record_salt, 'hex'), encode(document_salt, 'hex'), encode(wrapped_key, 'hex'),"
                + " pdf_sha256, log_index, entry from record where id = '" + record + "'");
        destroy(officer, "{\"record\": \"" + record + "\", " + BASIS + "}")
                .then()
                .statusCode(202);
        certified(record);
        given().auth()
                .oauth2(TestTokens.user("junho"))
                .get("/records/documents/" + record + "/pdf")
                .then()
                .statusCode(404);
        for (Row table : rows("select table_name from information_schema.tables where table_schema = 'public' and"
                + " table_type = 'BASE TABLE'")) {
            for (Row row : rows("select to_jsonb(t)::text from " + table.getString(0) + " t")) {
                for (int i = 0; i < 4; i++) {
                    assertFalse(row.getString(0).contains(kept.getString(i)), table.getString(0) + " still holds " + i);
                }
                assertFalse(
                        table.getString(0).startsWith("log_")
                                && row.getString(0).contains("record/" + record),
                        "the log's tables name the record");
            }
        }
        assertTrue(holds(kept.getLong(4), kept.getString(5)));
    }

    private boolean holds(long index, String entry) {
        try {
            return VertxContextSupport.subscribeAndAwait(() -> log.holds("transport", index, entry.getBytes(UTF_8)));
        } catch (Throwable failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void what_must_be_retained_or_is_held_is_not_destroyed_and_what_is_due_is() throws Throwable {
        String retained = Desk.keep("transport", "kept-papers", "noch nicht");
        String held = Desk.keep("transport", "kept-papers", "vor Gericht");
        String due = Desk.keep("transport", "kept-papers", "abgelaufen");
        refused(destroy(officer, "{\"record\": \"" + retained + "\", " + BASIS + "}"), 409, "must-be-retained");
        String hold = given().auth()
                .oauth2(officer)
                .contentType("application/json")
                .body("{\"record\": \"" + held + "\", \"reason\": \"a lawsuit\"}")
                .post("/records/holds")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        for (String stranger : List.of(held, UUID.randomUUID().toString())) {
            refused(
                    given().auth()
                            .oauth2(TestTokens.user("officer.cityhall"))
                            .contentType("application/json")
                            .body("{\"record\": \"" + stranger + "\", \"reason\": \"none of ours\"}")
                            .post("/records/holds"),
                    404,
                    "not-found");
        }
        expire(held, due);
        dispose();
        assertEquals(200, visible(retained));
        assertEquals(200, visible(held));
        assertEquals(404, visible(due));
        refused(destroy(officer, "{\"record\": \"" + held + "\", " + BASIS + "}"), 409, "under-legal-hold");
        assertEquals("retention", certified(due).getString("ground"));
        refused(
                given().auth().oauth2(TestTokens.user("officer.cityhall")).delete("/records/holds/" + hold),
                404,
                "not-found");
        given().auth().oauth2(officer).delete("/records/holds/" + hold).then().statusCode(204);
        given().auth()
                .oauth2(officer)
                .get("/records/holds?record=" + held)
                .then()
                .body("items[0].released", org.hamcrest.Matchers.notNullValue());
        dispose();
        assertEquals(404, visible(held));
        given().get("/records/destructions/" + retained).then().statusCode(404);
    }

    /** Connections die at random while several disposals and a rotation run: each record ends once, whole, and the log says so once. */
    @Test
    @Tag("faults")
    void killed_anywhere_disposal_and_rotation_end_what_they_began_and_nothing_twice() throws Throwable {
        long seed = Long.getLong("madang.faults.seed", System.nanoTime());
        int rounds = Integer.getInteger("madang.faults.rounds", 1);
        System.out.println("madang.faults.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            List<String> due = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                due.add(Desk.keep("transport", "kept-papers", "round " + round + " paper " + i));
            }
            String stays = Desk.keep("transport", "kept-papers", "it stays");
            expire(due.toArray(String[]::new));
            given().auth().oauth2(officer).post("/records/keys/rotations");
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                List<Future<?>> disposals = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    disposals.add(threads.submit(() -> {
                        for (int turn = 0; turn < 6; turn++) {
                            try {
                                dispose();
                            } catch (Throwable killed) {
                                // as a process that was killed here; another takes it up
                            }
                        }
                    }));
                }
                while (disposals.stream().anyMatch(disposal -> !disposal.isDone())) {
                    Thread.sleep(random.nextInt(5, 60));
                    killOne(random);
                }
            }
            awaitTrue("disposed", () -> {
                try {
                    dispose();
                } catch (Throwable lastKills) {
                    return false;
                }
                return due.stream().allMatch(record -> visible(record) == 404);
            });
            for (String record : due) {
                JsonObject claims = certified(record);
                assertEquals(
                        1,
                        number("select count(*) from log_key where agency = 'transport' and key = 'shredded/" + record
                                + "'"));
                assertEquals(1, entries(claims.getString("entry")), "the log says so once");
                assertEquals(1, number("select count(*) from destruction where record = '" + record + "'"));
            }
            assertEquals(0, number("select count(*) from doomed_blob"));
            awaitTrue("rotated", () -> number("select count(*) from key_rotation where finished is null") == 0);
            String minji = TestTokens.user("minji");
            awaitTrue("read", () -> Desk.read(minji, stays, "/content").statusCode() == 200);
            assertEquals(
                    "it stays", new String(Desk.read(minji, stays, "/content").asByteArray(), UTF_8));
            assertEquals(200, visible(stays));
        }
    }

    /** How often the log holds the entry, by its bundles. */
    private long entries(String entry) {
        String hex = HexFormat.of().formatHex(entry.getBytes(UTF_8));
        long found = 0;
        for (Row bundle : rows("select encode(entries, 'hex') from log_bundle where agency = 'transport'")) {
            for (int at = bundle.getString(0).indexOf(hex);
                    at >= 0;
                    at = bundle.getString(0).indexOf(hex, at + 1)) {
                found++;
            }
        }
        return found;
    }

    private void killOne(Random random) {
        List<Integer> backends = new ArrayList<>();
        try {
            for (Row row : rows("select pid from pg_stat_activity where datname = current_database() and pid <>"
                    + " pg_backend_pid() and state <> 'idle' and (query like '%document%' or query like '%destruction%' or"
                    + " query like '%doomed%' or query like '%key_rotation%' or query like '%wrapping_key%')")) {
                backends.add(row.getInteger(0));
            }
            if (!backends.isEmpty()) {
                rows("select pg_terminate_backend(" + backends.get(random.nextInt(backends.size())) + ")");
            }
        } catch (RuntimeException killedMyself) {
            // the next one
        }
    }

    private void dispose() throws Throwable {
        VertxContextSupport.subscribeAndAwait(disposal::disposeAll);
    }

    private void expire(String... documents) {
        for (String document : documents) {
            rows("update document set retain_until = now() - interval '1 minute' where id = '" + document + "'");
        }
    }

    private int visible(String document) {
        return given().auth()
                .oauth2(officer)
                .get("/records/archive/" + document)
                .statusCode();
    }

    private static Response destroy(String token, String body) {
        return given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body(body)
                .post("/records/destructions");
    }

    private static void refused(Response response, int status, String slug) {
        assertEquals(status, response.statusCode(), response.asString());
        assertEquals("urn:madang:problem:" + slug, response.path("type"));
    }

    private Path blob(String document) {
        String name = one("select blob from document_version where document = '" + document + "'")
                .getString(0);
        return dataDir.resolve("blobs").resolve(name.substring(0, 2)).resolve(name);
    }

    private Row one(String sql) {
        return rows(sql).iterator().next();
    }

    private long number(String sql) {
        return ((Number) one(sql).getValue(0)).longValue();
    }

    private RowSet<Row> rows(String sql) {
        return pool.query(sql).execute().await().indefinitely();
    }
}
