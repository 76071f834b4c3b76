package city.madang.records.applications;

import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.TestTokens;
import city.madang.records.City;
import city.madang.records.OtherServices;
import city.madang.records.TrustAnchorResource;
import city.madang.records.documents.Desk;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What applicants send along. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttachmentTest {

    private static final String SERVICE = "leased-permit";
    private static final byte[] LEASE = "임대차 계약서".getBytes(UTF_8);

    @Inject
    Pool pool;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private OtherServices others;

    @BeforeEach
    void city() {
        if (others != null) {
            return;
        }
        others = new OtherServices(broker);
        others.register("transport", "교통국", "Transport Bureau");
        awaitTrue("it has a log", () -> number("select count(*) from log where agency = 'transport'") == 1);
        JsonObject leases = Desk.papers();
        leases.getJsonObject("metadata").remove("required");
        Desk.define("transport", "leases", leases);
        Desk.define("transport", "numbered-papers", Desk.papers());
        Desk.define("transport", "plans", Desk.papers().put("personal", false));
        City.publish("transport", SERVICE, definition("leases"));
    }

    @AfterAll
    void close() {
        others.close();
    }

    private static JsonObject definition(String type) {
        return City.officerDecides()
                .put(
                        "attachments",
                        new JsonArray()
                                .add(attachment("lease", type))
                                .add(attachment("photo", type).put("required", false)));
    }

    private static JsonObject attachment(String name, String type) {
        return new JsonObject()
                .put("name", name)
                .put("title", City.text("임대차 계약서", "Lease"))
                .put("type", type);
    }

    private static Response announce(String citizen, String name, byte[] content, String mediaType) {
        return given().auth()
                .oauth2(TestTokens.user(citizen))
                .contentType("application/json")
                .body(new JsonObject()
                        .put("name", "계약서.txt")
                        .put("media_type", mediaType)
                        .put("length", content.length)
                        .encode())
                .post("/records/services/" + SERVICE + "/attachments/" + name);
    }

    /** The document, sent and kept. */
    private static String send(String citizen, String name) {
        Response announced = announce(citizen, name, LEASE, "text/plain");
        assertEquals(201, announced.statusCode(), announced.asString());
        awaitTrue(
                "kept",
                () -> Desk.put(TestTokens.user(citizen), announced.path("upload"), "text/plain", LEASE)
                                .statusCode()
                        == 201);
        return announced.path("document");
    }

    private static Response apply(String citizen, JsonObject attachments) {
        return given().auth()
                .oauth2(TestTokens.user(citizen))
                .contentType("application/json")
                .body(new JsonObject()
                        .put("service", SERVICE)
                        .put("form", new JsonObject().put("plate", "12가3456"))
                        .put("attachments", attachments)
                        .encode())
                .post("/records/applications");
    }

    private static void refused(Response response, int status, String type) {
        assertEquals(status, response.statusCode(), response.asString());
        assertEquals("urn:madang:problem:" + type, response.path("type"));
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

    @Test
    void what_an_applicant_sends_along_reaches_the_officer_and_only_past_the_access_log() {
        String document = send("minji", "lease");
        String ofDocument = " from document where id = '" + document + "' and ";
        assertEquals(
                1,
                number("select count(*)" + ofDocument + "unattached and retain_until < now() + interval '25 hours'"));
        String application = apply("minji", new JsonObject().put("lease", document))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        assertEquals(
                1,
                number("select count(*)" + ofDocument
                        + "not unattached and retain_until > now() + interval '29 days'"));
        String officer = TestTokens.user("officer.transport");
        given().auth()
                .oauth2(officer)
                .get("/records/applications/" + application)
                .then()
                .statusCode(200)
                .body("attachments", hasSize(1))
                .body("attachments[0].name", equalTo("lease"))
                .body("attachments[0].document", equalTo(document))
                .body("attachments[0].href", equalTo("/records/archive/" + document));
        refused(Desk.read(officer, document, "/content"), 403, "access-not-logged");
        City.sayWhy(officer, document);
        assertEquals(
                new String(LEASE, UTF_8),
                new String(Desk.read(officer, document, "/content").asByteArray(), UTF_8));
        refused(Desk.read(TestTokens.user("junho"), document, "/content"), 404, "not-found");
    }

    @Test
    void an_application_has_what_its_applicant_sent_for_it_once_and_nothing_else() {
        String sent = send("minji", "lease");
        String kept = Desk.keep("transport", "numbered-papers", "kept by the agency itself");
        long before = number("select count(*) from application");
        refused(apply("minji", new JsonObject()), 400, "form-invalid");
        refused(apply("minji", new JsonObject().put("photo", sent)), 400, "form-invalid");
        refused(apply("minji", new JsonObject().put("lease", sent).put("more", sent)), 400, "form-invalid");
        refused(apply("minji", new JsonObject().put("lease", sent).put("photo", sent)), 400, "form-invalid");
        refused(apply("minji", new JsonObject().put("lease", "no id")), 400, "invalid-request");
        refused(apply("minji", new JsonObject().put("lease", kept)), 400, "form-invalid");
        refused(apply("minji", new JsonObject().put("lease", UUID.randomUUID().toString())), 400, "form-invalid");
        // what another citizen has sent
        refused(apply("junho", new JsonObject().put("lease", sent)), 400, "form-invalid");
        assertEquals(before, number("select count(*) from application"), "nothing changed");
        apply("minji", new JsonObject().put("lease", sent)).then().statusCode(201);
        refused(apply("minji", new JsonObject().put("lease", sent)), 400, "form-invalid");
        // whose day is over
        String late = send("minji", "lease");
        pool.query("update document set retain_until = now() - interval '1 minute' where id = '" + late + "'")
                .execute()
                .await()
                .indefinitely();
        refused(apply("minji", new JsonObject().put("lease", late)), 400, "form-invalid");
    }

    @Test
    void an_upload_is_its_announcers_alone_is_inspected_and_there_are_not_many() {
        byte[] script = "%PDF-1.7\n1 0 obj << /S /JavaScript /JS (x) >> endobj\nstartxref\n9\n%%EOF".getBytes(UTF_8);
        String pdf = announce("junho", "lease", script, "application/pdf").path("upload");
        for (String stranger : new String[] {TestTokens.user("minji"), TestTokens.client("transport")}) {
            refused(Desk.put(stranger, pdf, "application/pdf", script), 404, "not-found");
        }
        refused(Desk.put(TestTokens.user("junho"), pdf, "application/pdf", script), 400, "content-refused");
        refused(announce("junho", "lease", LEASE, "image/png"), 400, "invalid-request");
        refused(announce("junho", "passport", LEASE, "text/plain"), 404, "not-found");
        refused(announce("junho", "lease", new byte[0], "text/plain"), 400, "invalid-request");
        // one is announced already, and of many more at once none is too many
        List<Response> announced = IntStream.range(0, 40)
                .parallel()
                .mapToObj(i -> announce("junho", "lease", LEASE, "text/plain"))
                .toList();
        assertEquals(
                19,
                announced.stream().filter(answer -> answer.statusCode() == 201).count());
        announced.stream()
                .filter(answer -> answer.statusCode() != 201)
                .forEach(answer -> refused(answer, 409, "conflict"));
        pool.query("delete from upload where by_applicant").execute().await().indefinitely();
    }

    @Test
    void a_service_asks_only_for_what_its_agency_can_keep() {
        for (String type : new String[] {"numbered-papers", "plans", "no-such-type"}) {
            given().auth()
                    .oauth2(TestTokens.client("transport"))
                    .contentType("application/json")
                    .body(definition(type).encode())
                    .put("/records/services/never-published")
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("urn:madang:problem:definition-invalid"))
                    .body("errors.pointer", hasItem("/attachments/0/type"));
        }
        JsonObject twice = definition("leases");
        twice.getJsonArray("attachments").getJsonObject(1).put("name", "lease");
        given().auth()
                .oauth2(TestTokens.client("transport"))
                .contentType("application/json")
                .body(twice.encode())
                .put("/records/services/never-published")
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItem("/attachments/1/name"));
        assertTrue(number("select count(*) from service where service = 'never-published'") == 0);
    }
}
