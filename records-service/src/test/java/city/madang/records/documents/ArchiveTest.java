package city.madang.records.documents;

import static city.madang.records.OtherServices.await;
import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.TestTokens;
import city.madang.records.City;
import city.madang.records.OtherServices;
import city.madang.records.TrustAnchorResource;
import city.madang.tlog.tree.Hashes;
import city.madang.tlog.tree.Proofs;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Documents through HTTP: kept, found, read; and everything by which someone could get at what is not theirs. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchiveTest {

    @Inject
    Pool pool;

    @Inject
    Leftovers leftovers;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @ConfigProperty(name = "madang.data-dir")
    Path dataDir;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private OtherServices others;
    private String agency;
    private String officer;

    @BeforeEach
    void city() {
        agency = TestTokens.client("transport");
        officer = TestTokens.user("officer.transport");
        if (others == null) {
            others = new OtherServices(broker);
            others.register("transport", "교통국", "Transport Bureau");
            others.register("city-hall", "시청", "City Hall");
            awaitTrue("logs", () -> number("select count(*) from log where agency in ('transport', 'city-hall')") == 2);
            Desk.define("transport", "papers", Desk.papers());
            Desk.define("transport", "maps", Desk.papers().put("personal", false));
        }
    }

    @AfterAll
    void close() {
        others.close();
    }

    private static JsonObject announcement(String type, byte[] content) {
        JsonObject announcement = new JsonObject()
                .put("type", type)
                .put("name", "신청서.txt")
                .put("media_type", "text/plain")
                .put("length", content.length)
                .put("sha256", HexFormat.of().formatHex(Hashes.of(content)))
                .put("metadata", new JsonObject().put("case", "c-" + UUID.randomUUID()));
        if (!type.equals("maps")) {
            announcement.put("subject", TestTokens.subject("minji"));
        }
        return announcement;
    }

    private Response announce(JsonObject announcement) {
        return Desk.announce(agency, announcement);
    }

    private Response put(String upload, String mediaType, byte[] content) {
        return Desk.put(agency, upload, mediaType, content);
    }

    private String keep(JsonObject announcement, byte[] content) {
        return Desk.keep(agency, announcement, content);
    }

    private String keep(String content) {
        byte[] bytes = content.getBytes(UTF_8);
        return keep(announcement("papers", bytes), bytes);
    }

    private static Response read(String token, String document, String what) {
        return Desk.read(token, document, what);
    }

    /** As {@link #read}, until the log lets it out. */
    private static Response release(String token, String document, String what) {
        return await("released", () -> {
            Response answer = read(token, document, what);
            return answer.statusCode() == 503 ? null : answer;
        });
    }

    @Test
    void a_document_is_told_of_once_its_entry_is_published_and_not_before() {
        byte[] content = "영수증".getBytes(UTF_8);
        JsonObject announcement = announcement("papers", content);
        SqlConnection log = hold("select size from log where agency = 'transport' for update");
        String document;
        String upload;
        try {
            Response announced = announce(announcement);
            document = announced.path("document");
            upload = announced.path("upload");
            Response answer = put(upload, "text/plain", content);
            assertEquals(202, answer.statusCode(), answer.asString());
            assertEquals("logging", answer.path("state"));
            given().auth()
                    .oauth2(agency)
                    .get("/records/archive/" + document)
                    .then()
                    .statusCode(404);
            search(agency, announcement.getJsonObject("metadata").getString("case"))
                    .then()
                    .body("items", hasSize(0));
            assertEquals(0, others.count("document.kept", data -> document.equals(data.getString("document"))));
        } finally {
            rollback(log);
        }
        others.awaitEvent("document.kept", data -> document.equals(data.getString("document")));
        put(upload, "text/plain", content).then().statusCode(201).body("state", equalTo("kept"));
        given().auth().oauth2(agency).get("/records/archive/" + document).then().statusCode(200);
        assertEquals(1, number("select count(*) from document_version where document = '" + document + "'"));
    }

    @Test
    void whoever_has_the_opening_recomputes_the_entry_and_follows_the_proof() {
        byte[] content = "한 문서\n".getBytes(UTF_8);
        JsonObject announcement = announcement("papers", content);
        String document = keep(announcement, content);
        String minji = TestTokens.user("minji");
        JsonObject opening = new JsonObject(release(minji, document, "/opening").asString());
        byte[] back = release(minji, document, "/content").asByteArray();
        HexFormat hex = HexFormat.of();
        JsonObject entry = new JsonObject(opening.getString("entry"));
        byte[] recordSalt = hex.parseHex(opening.getString("record_salt"));
        byte[] salt = hex.parseHex(opening.getString("document_salt"));
        assertEquals("document.kept", entry.getString("type"));
        assertEquals(hex.formatHex(Hashes.of(recordSalt, document.getBytes(UTF_8))), entry.getString("record"));
        assertEquals(hex.formatHex(Hashes.of(salt, Hashes.of(back))), entry.getString("document_sha256"));
        assertEquals(
                hex.formatHex(Hashes.of(salt, opening.getString("metadata").getBytes(UTF_8))),
                entry.getString("metadata_sha256"));
        assertEquals(
                hex.formatHex(Hashes.of(salt, hex.parseHex(opening.getString("ciphertext_sha256")))),
                entry.getString("ciphertext_sha256"));
        assertEquals(
                hex.formatHex(Hashes.of(salt, opening.getString("actor").getBytes(UTF_8))), entry.getString("actor"));
        for (String secret : List.of(document, TestTokens.subject("minji"), "c-")) {
            assertFalse(opening.getString("entry").contains(secret), secret);
        }
        assertProven(
                read(minji, document, "/proof").asString(), opening.getString("entry"), opening.getLong("log_index"));
    }

    private static void assertProven(String proof, String entry, long index) {
        List<String> lines = List.of(proof.split("\n"));
        int blank = lines.indexOf("");
        int at = 0;
        while (!lines.get(at).startsWith("index ")) {
            at++;
        }
        assertEquals("index " + index, lines.get(at));
        List<byte[]> path = lines.subList(at + 1, blank).stream()
                .map(Base64.getDecoder()::decode)
                .toList();
        assertTrue(Proofs.verifies(
                Hashes.leaf(entry.getBytes(UTF_8)),
                index,
                Long.parseLong(lines.get(blank + 2)),
                path,
                Base64.getDecoder().decode(lines.get(blank + 3))));
    }

    @Test
    void versions_follow_one_another_and_each_stays_readable() {
        String document = keep("처음");
        byte[] second = "다음".getBytes(UTF_8);
        JsonObject next = announcement("papers", second);
        next.remove("type");
        next.remove("subject");
        Response announced = given().auth()
                .oauth2(officer)
                .contentType("application/json")
                .body(next.encode())
                .post("/records/archive/" + document + "/versions");
        assertEquals(201, announced.statusCode(), announced.asString());
        awaitTrue(
                "kept",
                () -> put(announced.path("upload"), "text/plain", second).statusCode() == 201);
        String minji = TestTokens.user("minji");
        assertEquals("처음", new String(release(minji, document, "/content").asByteArray(), UTF_8));
        assertEquals(
                "다음",
                new String(
                        given().auth()
                                .oauth2(minji)
                                .get("/records/archive/" + document + "/versions/2/content")
                                .asByteArray(),
                        UTF_8));
        given().auth()
                .oauth2(minji)
                .get("/records/archive/" + document + "/versions?limit=1")
                .then()
                .body("items[0].version", equalTo(2))
                .body("next", equalTo("2"));
        given().auth()
                .oauth2(minji)
                .get("/records/archive/" + document + "/versions?after=2")
                .then()
                .body("items", hasSize(1))
                .body("items[0].version", equalTo(1));
        given().auth()
                .oauth2(minji)
                .get("/records/archive/" + document + "/versions/3/content")
                .then()
                .statusCode(404);
    }

    @Test
    void a_large_document_goes_up_and_down_as_a_stream_and_an_altered_one_ends_early() throws Exception {
        long filler = 48L << 20;
        Path file = Files.createTempFile(dataDir, "large", ".pdf");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write("%PDF-1.7\n1 0 obj\n<< /Length 1 >>\nstream\n".getBytes(UTF_8));
            byte[] block = new byte[1 << 20];
            java.util.Arrays.fill(block, (byte) 0x80);
            for (long written = 0; written < filler; written += block.length) {
                out.write(block);
            }
            out.write("\nendstream\nendobj\nstartxref\n9\n%%EOF\n".getBytes(UTF_8));
        }
        String digest = sha256(Files.newInputStream(file));
        JsonObject announcement = announcement("maps", new byte[1])
                .put("name", "지도.pdf")
                .put("media_type", "application/pdf")
                .put("length", Files.size(file))
                .put("sha256", digest);
        Response announced = announce(announcement);
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        awaitTrue("kept", () -> {
            try {
                return http.send(
                                        request(announced.path("upload"))
                                                .header("Content-Type", "application/pdf")
                                                .PUT(HttpRequest.BodyPublishers.ofFile(file))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 201;
            } catch (IOException | InterruptedException failed) {
                throw new AssertionError(failed);
            }
        });
        String content = "/records/archive/" + announced.path("document") + "/versions/1/content";
        HttpResponse<InputStream> down = http.send(request(content).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, down.statusCode());
        assertEquals(
                Files.size(file),
                down.headers().firstValueAsLong("content-length").orElseThrow());
        assertTrue(down.headers()
                .firstValue("content-disposition")
                .orElseThrow()
                .contains("filename*=UTF-8''%EC%A7%80%EB%8F%84.pdf"));
        assertEquals(digest, sha256(down.body()));
        Files.delete(file);

        String blob = pool.preparedQuery("select blob from document_version where document = $1")
                .execute(Tuple.of(UUID.fromString(announced.path("document"))))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getString(0);
        Path stored = dataDir.resolve("blobs").resolve(blob.substring(0, 2)).resolve(blob);
        try (var bytes = java.nio.channels.FileChannel.open(stored, java.nio.file.StandardOpenOption.WRITE)) {
            bytes.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}), filler / 2);
        }
        HttpResponse<InputStream> bent = http.send(request(content).build(), HttpResponse.BodyHandlers.ofInputStream());
        long received = 0;
        try (InputStream body = bent.body()) {
            byte[] buffer = new byte[1 << 16];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                received += read;
            }
            throw new AssertionError("an altered document came out whole: " + received);
        } catch (IOException cut) {
            assertTrue(received <= filler / 2, "released " + received);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .header("Authorization", "Bearer " + agency);
    }

    private int port() {
        return io.restassured.RestAssured.port > 0 ? io.restassured.RestAssured.port : port;
    }

    private static String sha256(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (DigestInputStream read = new DigestInputStream(in, digest)) {
            read.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void what_is_cut_mislabelled_or_not_what_was_announced_leaves_nothing_behind() throws Exception {
        byte[] content = "x".repeat(300_000).getBytes(UTF_8);
        String before = traces();
        String upload = announce(announcement("papers", content)).path("upload");
        // the connection breaks in the middle
        try (Socket socket = new Socket("127.0.0.1", port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("PUT " + upload + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + agency
                            + "\r\nContent-Type: text/plain\r\nContent-Length: 300000\r\n\r\n")
                    .getBytes(UTF_8));
            out.write(content, 0, 150_000);
            out.flush();
            awaitTrue("it is under way", () -> !traces().equals(before));
        }
        awaitTrue("nothing is left", () -> traces().equals(before));
        refused(put(upload, "text/plain", new byte[299_999]), 400, "upload-incomplete");
        refused(put(upload, "text/plain", new byte[300_001]), 400, "upload-incomplete");
        byte[] other = content.clone();
        other[5] = 'y';
        refused(put(upload, "text/plain", other), 400, "upload-incomplete");
        refused(put(upload, "application/pdf", content), 415, "unsupported-media-type");
        byte[] program = "MZ\u0000 program".getBytes(UTF_8);
        String mislabelled = announce(announcement("papers", program)).path("upload");
        refused(put(mislabelled, "text/plain", program), 400, "content-refused");
        byte[] script = "%PDF-1.7\n1 0 obj << /S /JavaScript /JS (x) >> endobj\nstartxref\n9\n%%EOF".getBytes(UTF_8);
        String pdf = announce(announcement("papers", script)
                        .put("media_type", "application/pdf")
                        .put("name", "a.pdf"))
                .path("upload");
        refused(put(pdf, "application/pdf", script), 400, "content-refused");
        assertEquals(before, traces());
        // the announcement still stands, and the right bytes are taken
        awaitTrue("kept", () -> put(upload, "text/plain", content).statusCode() == 201);
    }

    @Test
    void an_announcement_that_does_not_fit_is_refused() {
        byte[] content = {'a'};
        for (String name : List.of("../x.txt", "a/b.txt", "c:\\x", "", ".profile", "x\u0000.txt", "x".repeat(200))) {
            int status =
                    announce(announcement("papers", content).put("name", name)).statusCode();
            assertEquals(400, status, name);
        }
        refused(announce(announcement("papers", content).put("length", 2L << 30)), 413, "too-large");
        refused(announce(announcement("papers", content).put("length", 0)), 400, "invalid-request");
        refused(announce(announcement("papers", content).put("media_type", "text/html")), 400, "invalid-request");
        refused(announce(announcement("papers", content).put("media_type", "image/png")), 400, "invalid-request");
        refused(announce(announcement("papers", content).put("type", "no-such")), 400, "invalid-request");
        refused(
                announce(announcement("papers", content).put("metadata", new JsonObject().put("surprise", 1))),
                400,
                "metadata-invalid");
        JsonObject nobody = announcement("papers", content);
        nobody.remove("subject");
        refused(announce(nobody), 400, "invalid-request");
        refused(
                announce(announcement("maps", content)
                        .put("subject", UUID.randomUUID().toString())),
                400,
                "invalid-request");
        given().auth()
                .oauth2(agency)
                .contentType("application/json")
                .body(Desk.papers()
                        .put("formats", new JsonArray().add("text/html"))
                        .put("search", new JsonArray().add("case"))
                        .encode())
                .put("/records/document-types/bad")
                .then()
                .statusCode(400)
                .body("errors.pointer", org.hamcrest.Matchers.hasItems("/formats/0", "/search/0"));
    }

    @Test
    void what_a_killed_upload_left_behind_is_swept() throws IOException {
        Path staging = Files.createDirectories(dataDir.resolve("staging"));
        Path draft = Files.write(staging.resolve("draft-of-a-killed-upload"), new byte[10]);
        String orphan = "0".repeat(63) + "1";
        Path shelf = Files.createDirectories(dataDir.resolve("blobs").resolve("00"));
        Path blob = Files.write(shelf.resolve(orphan), new byte[10]);
        pool.query("insert into draft_blob (blob) values ('" + orphan + "')")
                .execute()
                .await()
                .indefinitely();
        String document = keep("그대로");
        leftovers.sweep(Instant.now().plusSeconds(60));
        assertFalse(Files.exists(draft));
        assertFalse(Files.exists(blob));
        assertEquals(0, number("select count(*) from draft_blob"));
        assertEquals(
                "그대로",
                new String(
                        release(TestTokens.user("minji"), document, "/content").asByteArray(), UTF_8));
    }

    @Test
    void nobody_reads_a_personal_record_before_the_access_is_logged_and_without_a_log_nobody_reads() {
        String document = keep("비밀");
        refused(read(agency, document, "/content"), 403, "access-not-logged");
        refused(read(agency, document, ""), 403, "access-not-logged");
        refused(read(officer, document, "/opening"), 403, "access-not-logged");
        SqlConnection log = hold("select size from log where agency = 'transport' for update");
        try {
            // the log does not grow
            refused(read(TestTokens.user("minji"), document, "/content"), 503, "unavailable");
            refused(sayWhy(agency, document, false), 503, "unavailable");
            refused(read(agency, document, "/content"), 403, "access-not-logged");
        } finally {
            rollback(log);
        }
        // the log takes nothing more
        pool.query("alter table log_queue add constraint full_log check (false) not valid")
                .execute()
                .await()
                .indefinitely();
        try {
            refused(read(TestTokens.user("junho"), document, "/content"), 404, "not-found");
            refused(sayWhy(officer, document, false), 503, "unavailable");
            refused(read(officer, document, "/content"), 403, "access-not-logged");
        } finally {
            pool.query("alter table log_queue drop constraint full_log")
                    .execute()
                    .await()
                    .indefinitely();
        }
        long logged = logged(document);
        City.sayWhy(agency, document);
        assertTrue(logged(document) > logged);
        assertEquals("비밀", new String(read(agency, document, "/content").asByteArray(), UTF_8));
        // another who acts for the same agency says so too
        refused(read(officer, document, "/content"), 403, "access-not-logged");
    }

    /** Accesses of the record that stand under a published checkpoint. */
    private long logged(String document) {
        return number("select count(*) from access_entry a join log_key e on e.agency = a.agency and e.key ="
                + " 'access/' || a.id join log l on l.agency = a.agency where a.record = '" + document
                + "' and e.index < l.published_size");
    }

    @Test
    void a_citizen_sees_who_read_what_and_why_and_can_prove_it() {
        String document = keep("내 서류");
        UUID access = City.sayWhy(officer, document);
        read(officer, document, "/content").then().statusCode(200);
        String minji = TestTokens.user("minji");
        Response list = await("told", () -> {
            Response answer = given().auth().oauth2(minji).get("/records/accesses?record=" + document);
            return answer.jsonPath().getList("items").isEmpty() ? null : answer;
        });
        list.then()
                .body("items[0].id", equalTo(access.toString()))
                .body("items[0].reader.kind", equalTo("officer"))
                .body("items[0].reader.agency", equalTo("transport"))
                .body("items[0].purpose.ko", equalTo("심사"))
                .body("items[0].legal_basis.en", equalTo("Parking Lot Act, article 10"))
                .body("items[0].break_glass", equalTo(false));
        assertFalse(list.asString().contains(TestTokens.subject("officer.transport")), "an office is its agency");
        JsonObject opening = new JsonObject(given().auth()
                .oauth2(minji)
                .get("/records/accesses/" + access + "/opening")
                .asString());
        JsonObject entry = new JsonObject(opening.getString("entry"));
        byte[] salt = HexFormat.of().parseHex(opening.getString("salt"));
        HexFormat hex = HexFormat.of();
        assertEquals(hex.formatHex(Hashes.of(salt, document.getBytes(UTF_8))), entry.getString("record"));
        assertEquals(hex.formatHex(Hashes.of(salt, access.toString().getBytes(UTF_8))), entry.getString("access"));
        assertEquals(
                hex.formatHex(Hashes.of(salt, opening.getString("reader").getBytes(UTF_8))), entry.getString("reader"));
        assertEquals(
                hex.formatHex(Hashes.of(salt, opening.getString("grounds").getBytes(UTF_8))),
                entry.getString("grounds"));
        assertProven(
                given().auth()
                        .oauth2(minji)
                        .get("/records/accesses/" + access + "/proof")
                        .asString(),
                opening.getString("entry"),
                opening.getLong("log_index"));
        page(minji, document, "ko")
                .body(containsString("누가 내 기록을 보았나"))
                .body(containsString("심사"))
                .body(not(containsString("<script")));
        page(minji, document, "en").body(containsString("Who read my records")).body(containsString("Parking Lot Act"));
        // to another citizen there are no such entries
        String junho = TestTokens.user("junho");
        given().auth()
                .oauth2(junho)
                .get("/records/accesses?record=" + document)
                .then()
                .body("items", hasSize(0));
        for (String what : List.of("", "/opening", "/proof")) {
            refused(given().auth().oauth2(junho).get("/records/accesses/" + access + what), 404, "not-found");
        }
    }

    private static io.restassured.response.ValidatableResponse page(String token, String document, String language) {
        return given().auth()
                .oauth2(token)
                .accept("text/html")
                .header("Accept-Language", language)
                .get("/records/accesses?record=" + document)
                .then()
                .statusCode(200)
                .contentType("text/html")
                .header("Content-Security-Policy", org.hamcrest.Matchers.containsString("frame-ancestors 'none'"));
    }

    @Test
    void ids_of_others_are_refused_as_ids_of_nothing() {
        String document = keep("남의 것");
        City.sayWhy(officer, document);
        String nothing = UUID.randomUUID().toString();
        for (String stranger : List.of(
                TestTokens.user("junho"), TestTokens.client("city-hall"), TestTokens.user("officer.cityhall"))) {
            for (String path : List.of(
                    "",
                    "/versions",
                    "/links",
                    "/versions/1",
                    "/versions/1/content",
                    "/versions/1/opening",
                    "/versions/1/proof")) {
                assertAlike(
                        given().auth().oauth2(stranger).get("/records/archive/" + document + path),
                        given().auth().oauth2(stranger).get("/records/archive/" + nothing + path));
            }
            if (!stranger.equals(TestTokens.user("junho"))) {
                assertAlike(sayWhy(stranger, document, false), sayWhy(stranger, nothing, false));
                byte[] content = {'a'};
                JsonObject next = announcement("papers", content);
                next.remove("type");
                next.remove("subject");
                for (String id : List.of(document, nothing)) {
                    refused(
                            given().auth()
                                    .oauth2(stranger)
                                    .contentType("application/json")
                                    .body(next.encode())
                                    .post("/records/archive/" + id + "/versions"),
                            404,
                            "not-found");
                    refused(
                            given().auth()
                                    .oauth2(stranger)
                                    .put("/records/archive/" + id + "/links/replaces/" + document),
                            404,
                            "not-found");
                }
                String upload = announce(announcement("papers", content)).path("upload");
                refused(
                        given().auth()
                                .oauth2(stranger)
                                .contentType("text/plain")
                                .body(content)
                                .put(upload),
                        404,
                        "not-found");
            }
        }
        // a system of an agency that may break the glass is no officer of it
        refused(sayWhy(TestTokens.client("city-hall"), document, true), 404, "not-found");
        // and a type that names nobody lets nobody
        byte[] content = {'a'};
        String map = keep(announcement("maps", content), content);
        read(agency, map, "/content").then().statusCode(200);
        refused(read(TestTokens.client("city-hall"), map, "/content"), 404, "not-found");
        refused(read(TestTokens.user("minji"), map, "/content"), 404, "not-found");
    }

    private static void assertAlike(Response one, Response other) {
        assertEquals(404, one.statusCode(), one.asString());
        assertEquals(other.statusCode(), one.statusCode());
        assertEquals(
                new JsonObject(other.asString()).getString("detail"),
                new JsonObject(one.asString()).getString("detail"));
    }

    @Test
    void a_delegate_reads_within_scope_and_time_and_not_after_it_is_taken_back() {
        String document = keep("대신");
        String other = keep("다른 것");
        String minji = TestTokens.user("minji");
        String junho = TestTokens.user("junho");
        refused(read(junho, document, "/content"), 404, "not-found");
        String delegation = delegate(new JsonObject().put("record", document)).path("id");
        assertEquals("대신", new String(release(junho, document, "/content").asByteArray(), UTF_8));
        refused(read(junho, other, "/content"), 404, "not-found");
        await(
                "told",
                () -> given().auth()
                                .oauth2(minji)
                                .get("/records/accesses?record=" + document)
                                .jsonPath()
                                .getList("items.delegation")
                                .contains(delegation)
                        ? true
                        : null);
        refused(given().auth().oauth2(junho).delete("/records/delegations/" + delegation), 404, "not-found");
        given().auth()
                .oauth2(minji)
                .delete("/records/delegations/" + delegation)
                .then()
                .statusCode(204);
        refused(read(junho, document, "/content"), 404, "not-found");

        String byType = delegate(new JsonObject().put("agency", "transport").put("type", "papers"))
                .path("id");
        assertEquals("다른 것", new String(release(junho, other, "/content").asByteArray(), UTF_8));
        pool.preparedQuery(
                        "update delegation set given = now() - interval '2 hours', expires = now() - interval '1 hour' where id = $1")
                .execute(Tuple.of(UUID.fromString(byType)))
                .await()
                .indefinitely();
        refused(read(junho, other, "/content"), 404, "not-found");
        given().auth()
                .oauth2(minji)
                .get("/records/delegations")
                .then()
                .body("items.find { it.id == '" + byType + "' }.state", equalTo("expired"))
                .body("items.find { it.id == '" + delegation + "' }.state", equalTo("revoked"));
        for (JsonObject bad : List.of(
                new JsonObject().put("expires", "2020-01-01T00:00:00Z"),
                new JsonObject().put("delegate", TestTokens.subject("minji")),
                new JsonObject().put("type", "papers"))) {
            assertEquals(400, delegate(bad).statusCode(), bad.encode());
        }
    }

    private static Response delegate(JsonObject scope) {
        return given().auth()
                .oauth2(TestTokens.user("minji"))
                .contentType("application/json")
                .body(new JsonObject()
                        .put("delegate", TestTokens.subject("junho"))
                        .put("expires", Instant.now().plusSeconds(3_600).toString())
                        .mergeIn(scope)
                        .encode())
                .post("/records/delegations");
    }

    @Test
    void breaking_the_glass_lets_an_officer_read_and_the_citizen_hears_of_it() {
        String document = keep("응급");
        String rescuer = TestTokens.user("officer.cityhall");
        refused(read(rescuer, document, "/content"), 404, "not-found");
        refused(sayWhy(rescuer, document, false), 404, "not-found");
        awaitTrue("opened", () -> sayWhy(rescuer, document, true).statusCode() == 201);
        assertEquals("응급", new String(read(rescuer, document, "/content").asByteArray(), UTF_8));
        OtherServices.Heard heard = others.awaitEvent(
                "access.logged", data -> document.equals(data.getString("record")) && data.getBoolean("break_glass"));
        assertEquals(TestTokens.subject("minji"), heard.data().getString("owner"));
        assertFalse(heard.data().encode().contains("환자"), "an event has no reason in it");
        page(TestTokens.user("minji"), document, "ko").body(containsString("비상 열람"));
        page(TestTokens.user("minji"), document, "en").body(containsString("Emergency access"));
        refused(sayWhy(officer, document, true), 400, "invalid-request");
    }

    @Test
    void documents_are_found_by_what_their_type_is_searched_by_and_by_those_who_may_see_them() {
        String district = "district-" + UUID.randomUUID();
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            byte[] content = ("n" + i).getBytes(UTF_8);
            JsonObject announcement = announcement("papers", content);
            announcement.getJsonObject("metadata").put("place", new JsonObject().put("district", district));
            kept.add(keep(announcement, content));
        }
        JsonObject by =
                new JsonObject().put("type", "papers").put("equals", new JsonObject().put("/place/district", district));
        Response first = search(agency, by.copy().put("limit", 2));
        assertEquals(List.of(kept.get(2), kept.get(1)), first.jsonPath().getList("items.id"));
        assertFalse(first.asString().contains(district), "a reference says nothing of what a document says");
        Response second = search(
                agency, by.copy().put("limit", 2).put("after", first.jsonPath().getString("next")));
        assertEquals(List.of(kept.get(0)), second.jsonPath().getList("items.id"));
        search(TestTokens.client("city-hall"), new JsonObject()).then().body("items", hasSize(0));
        assertTrue(search(TestTokens.user("minji"), new JsonObject().put("limit", 200))
                .jsonPath()
                .getList("items.id")
                .containsAll(kept));
        assertEquals(
                List.of(),
                search(TestTokens.user("junho"), new JsonObject()).jsonPath().getList("items"));
        for (JsonObject bad : List.of(
                by.copy().put("equals", new JsonObject().put("/note", "x")),
                by.copy().put("equals", new JsonObject().put("/case", new JsonObject())),
                by.copy().put("limit", 201),
                new JsonObject().put("equals", new JsonObject().put("/case", "x")))) {
            refused(search(agency, bad), 400, "invalid-request");
        }
        String link = "/records/archive/" + kept.get(0) + "/links/replaces/" + kept.get(1);
        given().auth().oauth2(agency).put(link).then().statusCode(204);
        given().auth()
                .oauth2(TestTokens.user("minji"))
                .get("/records/archive/" + kept.get(0) + "/links")
                .then()
                .body("items[0].target", equalTo(kept.get(1)))
                .body("items[0].relation", equalTo("replaces"));
        given().auth().oauth2(agency).delete(link).then().statusCode(204);
        refused(
                given().auth()
                        .oauth2(agency)
                        .put("/records/archive/" + kept.get(0) + "/links/replaces/" + UUID.randomUUID()),
                404,
                "not-found");
    }

    @Test
    void only_uploads_may_be_long_even_without_an_announced_length() throws Exception {
        HttpRequest endless = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/records/applications"))
                .header("Authorization", "Bearer " + TestTokens.user("minji"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofByteArrays(java.util.Collections.nCopies(60, new byte[1 << 20]))))
                .build();
        try {
            assertEquals(
                    413,
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build()
                            .send(endless, HttpResponse.BodyHandlers.discarding())
                            .statusCode());
        } catch (IOException hungUp) {
            // the server answered and closed before all was sent, which is as good
        }
    }

    private Response search(String token, String caseNumber) {
        return search(
                token, new JsonObject().put("type", "papers").put("equals", new JsonObject().put("/case", caseNumber)));
    }

    private static Response search(String token, JsonObject by) {
        return given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body(by.encode())
                .post("/records/archive/searches");
    }

    private static Response sayWhy(String token, String record, boolean breakGlass) {
        return given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body(new JsonObject()
                        .put("record", record)
                        .put("purpose", City.text("의식 없는 환자", "An unconscious patient"))
                        .put("legal_basis", City.text("응급의료법 제6조", "Emergency Medical Service Act, article 6"))
                        .put("break_glass", breakGlass)
                        .encode())
                .post("/records/accesses");
    }

    private static void refused(Response response, int status, String slug) {
        assertEquals(status, response.statusCode(), response.asString());
        assertEquals("urn:madang:problem:" + slug, response.path("type"));
    }

    /** Everything of documents that is on the disk or in the database, by number. */
    private String traces() {
        try (Stream<Path> files = Files.walk(dataDir)) {
            return files.filter(file -> file.toString().contains("/staging/")
                                    || file.toString().contains("/blobs/"))
                            .filter(Files::isRegularFile)
                            .count()
                    + " "
                    + number("select (select count(*) from document) + (select count(*) from document_version)"
                            + " + (select count(*) from draft_blob)");
        } catch (IOException | java.io.UncheckedIOException changing) {
            return "changing";
        }
    }

    private long number(String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private SqlConnection hold(String statement) {
        SqlConnection connection = pool.getConnection().await().indefinitely();
        connection.query("begin").execute().await().indefinitely();
        connection.query(statement).execute().await().indefinitely();
        return connection;
    }

    private static void rollback(SqlConnection connection) {
        connection.query("rollback").execute().await().indefinitely();
        connection.close().await().indefinitely();
    }
}
