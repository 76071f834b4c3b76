package city.madang.records.verification;

import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
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
import city.madang.records.pages.BilingualPage;
import city.madang.records.sealing.SealedSamples;
import city.madang.records.sealing.TestSeal;
import city.madang.verifier.Command;
import city.madang.verifier.Verifier;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A record that was really sealed, shown to the page, to the API and to the command. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerifyPageTest {

    private static final AtomicLong CALLERS = new AtomicLong();

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private OtherServices others;
    private UUID record;
    private byte[] pdf;
    private byte[] json;
    private byte[] proof;

    @BeforeEach
    void seal() {
        if (others != null) {
            return;
        }
        others = new OtherServices(broker);
        City.publish(
                "transport",
                "verified-permit",
                template(
                        City.officerDecides(),
                        "<html><body><h1>{{title.en}}</h1><p>{{fact.plate}}</p><img src=\"{{qr}}\"/></body></html>"));
        others.register("transport", "교통국", "Transport Bureau");
        UUID application = City.apply("junho", "verified-permit");
        others.tell(
                "identity",
                "presentation.waived",
                application.toString(),
                new JsonObject()
                        .put("application", application.toString())
                        .put("handover_key", HandoverKey.publicJwk(HandoverKey.generate())));
        String junho = TestTokens.user("junho");
        awaitTrue("deciding", () -> City.state(application, junho).equals("deciding"));
        given().auth()
                .oauth2(TestTokens.user("officer.transport"))
                .contentType("application/json")
                .body("{\"decision\": \"granted\", \"reason\": \"as the bylaw says\"}")
                .post("/records/applications/" + application + "/decision")
                .then()
                .statusCode(200);
        record = UUID.fromString(others.awaitEvent(
                        "record.sealed", data -> application.toString().equals(data.getString("application")))
                .data()
                .getString("record"));
        pdf = document("pdf");
        json = document("json");
        proof = document("proof");
    }

    private static JsonObject template(JsonObject definition, String template) {
        definition.getJsonObject("record").put("template", template);
        return definition;
    }

    private byte[] document(String form) {
        return given().auth()
                .oauth2(TestTokens.user("junho"))
                .get("/records/documents/" + record + "/" + form)
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    @AfterAll
    void close() {
        others.close();
    }

    private static io.restassured.specification.RequestSpecification caller() {
        return given().header("X-Forwarded-For", "198.51.100." + CALLERS.incrementAndGet());
    }

    private static Response verify(byte[] file) {
        return caller().contentType("application/octet-stream").body(file).post("/records/verify");
    }

    private static String drop(byte[] file, String language) throws Exception {
        HttpResponse<String> answer = submit("file", "x.bin", file, "?lang=" + language);
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(
                BilingualPage.POLICY,
                answer.headers().firstValue("Content-Security-Policy").orElse(""));
        return answer.body();
    }

    /** As a browser sends the page's form: with its length. */
    private static HttpResponse<String> submit(String field, String name, byte[] file, String query) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--border\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + name
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes("\r\n--border--\r\n".getBytes(StandardCharsets.UTF_8));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://localhost:" + RestAssured.port + "/records/verify" + query))
                            .header("Content-Type", "multipart/form-data; boundary=border")
                            .header("Accept", "text/html")
                            .header("X-Forwarded-For", "192.0.2." + CALLERS.incrementAndGet())
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** For whoever wants to look at the pages in a browser. */
    private static void keep(String name, String page) throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "verify-pages"));
        Files.writeString(folder.resolve(name + ".html"), page);
    }

    @Test
    void a_record_on_paper_as_json_and_its_proof_are_called_what_they_are() throws Exception {
        for (byte[] file : List.of(pdf, json)) {
            verify(file)
                    .then()
                    .statusCode(200)
                    .body("valid", equalTo(true))
                    .body("conclusion", equalTo("genuine"))
                    .body("record", equalTo(record.toString()))
                    .body("state", equalTo("sealed"))
                    .body("checks.find { it.check == 'logged' }.status", equalTo("proven"))
                    .body("checks.find { it.check == 'standing' }.status", equalTo("proven"));
        }
        verify(proof)
                .then()
                .statusCode(200)
                .body("conclusion", equalTo("logged"))
                .body("record", equalTo(record.toString()))
                .body("checks.find { it.check == 'document' }.status", equalTo("not_shown"));
        String korean = drop(pdf, "ko");
        assertTrue(korean.contains("기관이 봉인한 진본입니다") && korean.contains("증명된 것"), korean);
        keep("genuine-ko", korean);
        keep(
                "drop-ko",
                given().accept("text/html").get("/records/verify?lang=ko").asString());
        keep(
                "record-en",
                given().accept("text/html")
                        .get("/records/verify/" + record + "?lang=en")
                        .asString());
        keep("proof-ko", drop(proof, "ko"));
        String english = drop(pdf, "en");
        keep("genuine-en", english);
        assertTrue(english.contains("Genuine: sealed by an agency") && english.contains("What is not proven"), english);
    }

    @Test
    void a_seal_that_no_log_knows_is_not_a_record_of_the_city() throws Exception {
        byte[] changed = pdf.clone();
        changed[pdf.length / 3] ^= 1;
        verify(changed)
                .then()
                .body("valid", equalTo(false))
                .body("conclusion", equalTo("changed"))
                .body("checks.find { it.check == 'intact' }.status", equalTo("refuted"));
        String page = drop(changed, "en");
        keep("changed-en", page);
        assertTrue(page.contains("Changed after it was sealed"));
        TestSeal stranger = new TestSeal("transport", "교통국", "Transport Bureau");
        verify(new SealedSamples(stranger).pdf())
                .then()
                .body("valid", equalTo(false))
                .body("conclusion", equalTo("not_proven"));
    }

    /** Under the names of others, or with none: the page repeats nothing of what a file says of itself. */
    @Test
    void hostile_uploads_are_answered_and_nothing_of_them_is_repeated() throws Exception {
        byte[] script = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> dropped = submit("file", "<script>alert(2)</script>.pdf", script, "");
        assertEquals(200, dropped.statusCode());
        String page = dropped.body();
        assertFalse(page.contains("<script"), page);
        verify(script).then().statusCode(200).body("kind", equalTo("other")).body("valid", equalTo(false));
        HttpResponse<String> nothing = submit("other", "x", script, "");
        assertEquals(400, nothing.statusCode());
        assertFalse(nothing.body().contains("<script"), nothing.body());
        caller().contentType("application/pdf")
                .body(new byte[Verifier.LONGEST + 1])
                .post("/records/verify")
                .then()
                .statusCode(413);
        assertEquals(
                413, submit("file", "x.pdf", new byte[Verifier.LONGEST + 1], "").statusCode());
        // no length, no reading: a body without an end is refused before its first byte
        caller().multiPart("file", "x.pdf", script, "application/pdf")
                .accept("text/html")
                .post("/records/verify")
                .then()
                .statusCode(411);
    }

    @Test
    void the_pages_have_no_script_and_a_strict_policy() {
        for (String path : List.of("/records/verify", "/records/verify/" + record)) {
            String page = given().accept("text/html")
                    .get(path)
                    .then()
                    .statusCode(200)
                    .header("Content-Security-Policy", equalTo(BilingualPage.POLICY))
                    .header("X-Content-Type-Options", "nosniff")
                    .extract()
                    .asString();
            assertFalse(page.contains("<script") || page.contains("style=\"") || page.contains("onclick"), page);
        }
        assertFalse(BilingualPage.POLICY.contains("unsafe") || BilingualPage.POLICY.contains("script-src"));
        for (String accepted : List.of("*/*", "text/css", "text/html")) {
            given().accept(accepted)
                    .get("/records/style.css")
                    .then()
                    .statusCode(200)
                    .contentType("text/css");
        }
    }

    @Test
    void a_caller_may_not_ask_without_end() {
        String someone = "203.0.113." + CALLERS.incrementAndGet();
        int refused = 0;
        for (int i = 0; i < 60 && refused == 0; i++) {
            Response answer = given().header("X-Forwarded-For", someone)
                    .contentType("text/plain")
                    .body("x")
                    .post("/records/verify");
            if (answer.statusCode() == 429) {
                refused++;
                answer.then().header("Retry-After", "2").contentType("application/problem+json");
            }
        }
        assertEquals(1, refused);
        verify("x".getBytes(StandardCharsets.UTF_8)).then().statusCode(200);
    }

    @Test
    void an_allowance_fills_again_and_is_each_callers_own() {
        AtomicLong now = new AtomicLong();
        Allowance allowance = new Allowance(2, Duration.ofSeconds(1), 3, now::get);
        assertTrue(allowance.take("a"));
        assertTrue(allowance.take("a"), "some at once");
        assertFalse(allowance.take("a"));
        assertTrue(allowance.take("b"));
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertTrue(allowance.take("a"));
        assertFalse(allowance.take("a"));
    }

    @Test
    void what_the_service_gives_out_is_enough_to_verify_offline(@TempDir Path folder) throws Exception {
        JsonObject trust = new JsonObject(given().get("/records/verify/trust")
                .then()
                .statusCode(200)
                .extract()
                .asString());
        Path files = Files.createDirectory(folder.resolve("trust"));
        Files.writeString(files.resolve("ca.pem"), trust.getString("ca"));
        Files.writeString(files.resolve("log-policy"), trust.getString("log_policy"));
        Files.writeString(files.resolve("anchors.json"), trust.encode());
        Path file = Files.write(folder.resolve("permit.pdf"), pdf);
        Files.write(folder.resolve("permit.tlog-proof"), proof);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            int code = Command.run(
                    new String[] {file.toString(), "--trust", files.toString(), "--lang", "en"},
                    Instant.now(),
                    print,
                    print);
            assertEquals(0, code, out.toString(StandardCharsets.UTF_8));
        }
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("It is entry"), out.toString(StandardCharsets.UTF_8));
    }
}
