package city.madang.records;

import static city.madang.records.OtherServices.await;
import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.TestTokens;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import city.madang.tlog.tree.Hashes;
import city.madang.tlog.tree.Proofs;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SagaTest {

    @Inject
    HandoverStore handovers;

    @Inject
    Pool pool;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @ConfigProperty(name = "madang.handover.dir")
    Path handoverDir;

    private OtherServices others;

    @BeforeEach
    void register() {
        if (others != null) {
            return;
        }
        others = new OtherServices(broker);
        others.register("transport", "교통국", "Transport Bureau");
        City.publish("transport", "parking-permit", City.parkingPermit());
        City.publish("transport", "decided-permit", City.officerDecides());
    }

    @AfterAll
    void close() {
        others.close();
    }

    private record Sealed(UUID application, String record, JsonObject event) {}

    /** What identity and payment do, in the order given, each twice. */
    private Sealed runThrough(long seed, String identityKey) {
        UUID application = City.apply("minji", "parking-permit");
        JsonObject submitted = others.awaitEvent(
                        "application.submitted", data -> application.toString().equals(data.getString("application")))
                .data();
        assertEquals(TestTokens.subject("minji"), submitted.getString("applicant"));
        assertFalse(submitted.encode().contains("12가3456"), "no form in an event");
        String transaction = UUID.randomUUID().toString();
        String bill = UUID.randomUUID().toString();
        JsonObject handover = OtherServices.handOver(
                handovers,
                new JsonObject("""
                        {"residency": {"family_name": "김", "district": "강남구"}}"""),
                submitted.getJsonObject("handover_key"));
        record Telling(UUID id, String service, String type, String subject, JsonObject data) {}
        JsonObject about = new JsonObject().put("application", application.toString());
        List<Telling> tellings = new ArrayList<>(List.of(
                new Telling(
                        UUID.randomUUID(),
                        "identity",
                        "presentation.requested",
                        application.toString(),
                        about.copy()
                                .put("transaction", transaction)
                                .put("handover_key", HandoverKey.publicJwk(identityKey))),
                new Telling(
                        UUID.randomUUID(),
                        "identity",
                        "presentation.verified",
                        application.toString(),
                        about.copy().put("transaction", transaction).put("handover", handover)),
                new Telling(
                        UUID.randomUUID(),
                        "payment",
                        "bill.created",
                        bill,
                        about.copy().put("bill", bill).put("amount", 12_000).put("currency", "KRW")),
                new Telling(
                        UUID.randomUUID(),
                        "payment",
                        "bill.paid",
                        bill,
                        about.copy()
                                .put("bill", bill)
                                .put("authorisation", "0x00")
                                .put("transaction_hash", "0x00"))));
        Collections.shuffle(tellings, new Random(seed));
        for (Telling telling : tellings) {
            others.tell(telling.id(), telling.service(), telling.type(), telling.subject(), telling.data());
            // redelivered, and told again under another id
            others.tell(telling.id(), telling.service(), telling.type(), telling.subject(), telling.data());
            others.tell(telling.service(), telling.type(), telling.subject(), telling.data());
        }
        JsonObject sealed = others.awaitEvent(
                        "record.sealed", data -> application.toString().equals(data.getString("application")))
                .data();
        assertEquals(1, others.count("application.decided", data -> application
                .toString()
                .equals(data.getString("application"))));
        awaitTrue("the spent handover is deleted", () -> !Files.exists(handoverDir.resolve(handover.getString("id"))));
        return new Sealed(application, sealed.getString("record"), sealed);
    }

    @Test
    void an_application_becomes_a_sealed_record_and_a_credential_whatever_the_order() {
        for (long seed = 1; seed <= 4; seed++) {
            String identityKey = HandoverKey.generate();
            Sealed sealed = runThrough(seed, identityKey);
            JsonObject credential = sealed.event().getJsonObject("credential");
            assertEquals("parking-permit", credential.getString("id"));
            JsonObject claims = HandoverKey.decrypt(
                    handovers.get(HandoverStore.Reference.of(credential.getJsonObject("handover"))), identityKey);
            assertEquals(new JsonObject().put("plate", "12가3456").put("district", "강남구"), claims);
            String offer = UUID.randomUUID().toString();
            others.tell(
                    "identity",
                    "credential.issued",
                    offer,
                    new JsonObject()
                            .put("offer", offer)
                            .put("application", sealed.application().toString()));
            awaitTrue("completed", () -> City.state(sealed.application(), TestTokens.user("minji"))
                    .equals("completed"));
            JsonObject view = new JsonObject(given().auth()
                    .oauth2(TestTokens.client("transport"))
                    .get("/records/applications/" + sealed.application())
                    .asString());
            assertEquals(
                    "[presentation done, payment done, decision done, record done, credential done]",
                    view.getJsonArray("steps").stream()
                            .map(JsonObject.class::cast)
                            .map(step -> step.getString("name") + " " + step.getString("state"))
                            .toList()
                            .toString());
            assertFalse(view.containsKey("details"), "the form is erased once the record is sealed");
            assertEquals(1, sealsOf(sealed.application()));
        }
    }

    @Test
    void an_outsider_with_the_pdf_recomputes_the_leaf_and_follows_the_proof() throws Exception {
        Sealed sealed = runThrough(7, HandoverKey.generate());
        String path = "/records/documents/" + sealed.record();
        byte[] pdf = get(path + "/pdf");
        JsonObject opening = new JsonObject(new String(get(path + "/opening"), UTF_8));
        byte[] entry = opening.getString("entry").getBytes(UTF_8);
        JsonObject parsed = new JsonObject(opening.getString("entry"));
        HexFormat hex = HexFormat.of();
        assertEquals(
                hex.formatHex(Hashes.of(hex.parseHex(opening.getString("document_salt")), Hashes.of(pdf))),
                parsed.getString("document_sha256"));
        assertEquals(
                hex.formatHex(Hashes.of(
                        hex.parseHex(opening.getString("record_salt")),
                        sealed.record().getBytes(UTF_8))),
                parsed.getString("record"));
        assertFalse(opening.getString("entry").contains(sealed.record()));

        String proof = new String(get(path + "/proof"), UTF_8);
        List<String> lines = List.of(proof.split("\n"));
        assertEquals("c2sp.org/tlog-proof@v1", lines.get(0));
        JsonObject opened = new JsonObject(
                new String(Base64.getDecoder().decode(lines.get(1).substring("extra ".length())), UTF_8));
        assertEquals(opening.getString("entry"), opened.getString("entry"), "the holder's proof opens its entry");
        assertEquals(opening.getString("document_salt"), opened.getString("document_salt"));
        long index = Long.parseLong(lines.get(2).substring("index ".length()));
        assertEquals(opening.getLong("log_index"), index);
        int blank = lines.indexOf("");
        List<byte[]> hashes = lines.subList(3, blank).stream()
                .map(Base64.getDecoder()::decode)
                .toList();
        long size = Long.parseLong(lines.get(blank + 2));
        byte[] root = Base64.getDecoder().decode(lines.get(blank + 3));
        assertTrue(Proofs.verifies(Hashes.leaf(entry), index, size, hashes, root));
        checkSignature(proof.substring(proof.indexOf("\n\n") + 2));

        // the bundles and tiles of the log show the same
        int width = (int) (size % 256);
        byte[] bundle = get("/records/log/transport/tile/entries/000.p/" + width);
        assertTrue(new String(bundle, UTF_8).contains(opening.getString("entry")));
        byte[] tile = get("/records/log/transport/tile/0/000.p/" + width);
        assertEquals(
                hex.formatHex(Hashes.leaf(entry)),
                hex.formatHex(Arrays.copyOfRange(tile, (int) index * 32, (int) index * 32 + 32)));
        given().get("/records/log/transport/tile/0/000.p/" + (width + 1)).then().statusCode(404);
        given().get("/records/log/transport/tile/0/000").then().statusCode(404);
    }

    /** With the verifier key alone and the JDK's Ed25519. */
    private void checkSignature(String note) throws Exception {
        String vkey = new String(get("/records/log/transport/vkey"), UTF_8).strip();
        String[] parts = vkey.split("\\+", 3);
        byte[] typed = Base64.getDecoder().decode(parts[2]);
        assertEquals(1, typed[0]);
        byte[] id = Arrays.copyOf(
                MessageDigest.getInstance("SHA-256").digest(concat((parts[0] + "\n").getBytes(UTF_8), typed)), 4);
        assertEquals(parts[1], HexFormat.of().formatHex(id));
        byte[] spki = concat(HexFormat.of().parseHex("302a300506032b6570032100"), Arrays.copyOfRange(typed, 1, 33));
        String body = note.substring(0, note.indexOf("\n\n") + 1);
        String line = note.substring(note.indexOf("\n\n") + 2).strip();
        assertTrue(line.startsWith("— localhost:8443/records/log/transport "), line);
        assertEquals("localhost:8443/records/log/transport", parts[0]);
        byte[] signature = Base64.getDecoder().decode(line.substring(line.lastIndexOf(' ') + 1));
        assertEquals(parts[1], HexFormat.of().formatHex(Arrays.copyOf(signature, 4)));
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
        verifier.update(body.getBytes(UTF_8));
        assertTrue(verifier.verify(Arrays.copyOfRange(signature, 4, 68)));
    }

    @Test
    void anyone_verifies_a_record_and_a_changed_byte_shows() throws Exception {
        Sealed sealed = runThrough(11, HandoverKey.generate());
        byte[] pdf = get("/records/documents/" + sealed.record() + "/pdf");
        Files.write(Path.of("target", "record.pdf"), pdf);
        given().contentType("application/pdf")
                .body(pdf)
                .post("/records/verify")
                .then()
                .statusCode(200)
                .body("valid", equalTo(true))
                .body("record", equalTo(sealed.record()))
                .body("signer", equalTo("Transport Bureau"));
        byte[] bent = pdf.clone();
        bent[pdf.length / 3] ^= 1;
        given().contentType("application/pdf")
                .body(bent)
                .post("/records/verify")
                .then()
                .statusCode(200)
                .body("valid", equalTo(false))
                .body("checks.find { it.check == 'intact' }.passed", equalTo(false))
                .body("checks.find { it.check == 'logged' }.passed", equalTo(false));
        byte[] longer = concat(pdf, "\n% more".getBytes(UTF_8));
        given().contentType("application/pdf")
                .body(longer)
                .post("/records/verify")
                .then()
                .statusCode(200)
                .body("valid", equalTo(false))
                .body("checks.find { it.check == 'intact' }.passed", equalTo(false));

        JsonObject anchored = await("anchored", () -> {
            JsonObject state = new JsonObject(given().accept("application/json")
                    .get("/records/verify/" + sealed.record())
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString());
            return state.containsKey("anchor") ? state : null;
        });
        assertEquals("sealed", anchored.getString("state"));
        assertTrue(anchored.getJsonObject("log").getBoolean("logged"));
        assertFalse(anchored.encode().contains("12가3456"));
        assertFalse(anchored.encode().contains(TestTokens.subject("minji")));
        others.awaitEvent("checkpoint.anchored", data -> "transport".equals(data.getString("agency")));
        given().get("/records/anchor").then().statusCode(200).body("contract", containsString("0x"));
        given().get("/records/log/transport/anchors")
                .then()
                .statusCode(200)
                .body("items[0].root", containsString("0x"));
        given().accept("text/html")
                .header("Accept-Language", "ko")
                .get("/records/verify/" + sealed.record())
                .then()
                .statusCode(200)
                .body(containsString("봉인된 유효한 기록입니다"))
                .body(containsString("교통국"))
                .body(not(containsString("<script")))
                .body(not(containsString("강남구")));
        given().accept("text/html")
                .header("Accept-Language", "en")
                .get("/records/verify/" + UUID.randomUUID())
                .then()
                .statusCode(404)
                .body(containsString("There is no such record"));
    }

    @Test
    void a_record_is_for_its_applicant_and_its_agency_alone() {
        Sealed sealed = runThrough(13, HandoverKey.generate());
        for (String office : List.of(TestTokens.client("transport"), TestTokens.user("officer.transport"))) {
            String pdf = "/records/documents/" + sealed.record() + "/pdf";
            given().auth().oauth2(office).get(pdf).then().statusCode(403);
            City.sayWhy(office, sealed.record());
        }
        for (String suffix : List.of("", "/pdf", "/proof", "/opening")) {
            String path = "/records/documents/" + sealed.record() + suffix;
            given().auth().oauth2(TestTokens.user("minji")).get(path).then().statusCode(200);
            given().auth()
                    .oauth2(TestTokens.client("transport"))
                    .get(path)
                    .then()
                    .statusCode(200);
            given().auth()
                    .oauth2(TestTokens.user("officer.transport"))
                    .get(path)
                    .then()
                    .statusCode(200);
            for (String stranger : List.of(
                    TestTokens.user("junho"), TestTokens.client("city-hall"), TestTokens.user("officer.cityhall"))) {
                given().auth()
                        .oauth2(stranger)
                        .get(path)
                        .then()
                        .statusCode(404)
                        .contentType("application/problem+json");
            }
        }
        for (String stranger : List.of(TestTokens.user("junho"), TestTokens.client("city-hall"))) {
            given().auth()
                    .oauth2(stranger)
                    .get("/records/applications/" + sealed.application())
                    .then()
                    .statusCode(404);
        }
    }

    @Test
    void an_officer_of_the_agency_decides_once() {
        UUID application = City.apply("junho", "decided-permit");
        decide("officer.transport", application, "granted").then().statusCode(409);
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
                .oauth2(TestTokens.user("officer.transport"))
                .get("/records/applications/" + application)
                .then()
                .body("details.form.plate", equalTo("12가3456"));
        decide("officer.cityhall", application, "granted").then().statusCode(404);
        decide("officer.transport", application, "granted").then().statusCode(200);
        decide("officer.transport", application, "granted").then().statusCode(200);
        decide("officer.transport", application, "refused").then().statusCode(409);
        awaitTrue("completed", () -> City.state(application, TestTokens.user("junho"))
                .equals("completed"));
        assertEquals(1, sealsOf(application));

        UUID refused = City.apply("junho", "decided-permit");
        others.tell(
                "identity",
                "presentation.waived",
                refused.toString(),
                new JsonObject()
                        .put("application", refused.toString())
                        .put("handover_key", HandoverKey.publicJwk(HandoverKey.generate())));
        awaitTrue(
                "deciding", () -> City.state(refused, TestTokens.user("junho")).equals("deciding"));
        decide("officer.transport", refused, "refused").then().statusCode(200).body("state", equalTo("refused"));
        assertEquals(0, sealsOf(refused));
    }

    @Test
    void a_job_that_comes_back_after_a_crash_seals_nothing_twice() {
        Sealed sealed = runThrough(17, HandoverKey.generate());
        // as if the deletion of the job had been lost, and as if another record had been planned for the application
        for (String record : List.of(sealed.record(), UUID.randomUUID().toString())) {
            pool.preparedQuery("insert into sealing_job (record, application, agency, job) values ($1, $2, $3, $4)")
                    .execute(Tuple.of(
                            UUID.fromString(record),
                            sealed.application(),
                            "transport",
                            new JsonObject()
                                    .put("record", record)
                                    .put("application", sealed.application().toString())
                                    .put("agency", "transport")
                                    .put("applicant", "someone")
                                    .put("service", "parking-permit")
                                    .put("type", "parking-permit")
                                    .put("title_ko", "허가증")
                                    .put("title_en", "Permit")
                                    .put("validity_days", 1)
                                    .put("lines", new io.vertx.core.json.JsonArray())
                                    .encode()))
                    .await()
                    .indefinitely();
            awaitTrue(
                    "the job is gone",
                    () -> pool.query("select 1 from sealing_job")
                                    .execute()
                                    .await()
                                    .indefinitely()
                                    .size()
                            == 0);
        }
        assertEquals(1, sealsOf(sealed.application()));
        assertEquals(1, others.count("record.sealed", data -> sealed.application()
                .toString()
                .equals(data.getString("application"))));
    }

    @Test
    void nonsense_events_go_aside_and_the_next_ones_are_taken() {
        others.tell(
                "payment",
                "bill.paid",
                "b",
                new JsonObject()
                        .put("application", UUID.randomUUID().toString())
                        .put("bill", "b"));
        others.tell(
                "payment",
                "bill.created",
                "c",
                new JsonObject().put("application", "no uuid").put("bill", "c").put("amount", 1));
        others.tell("identity", "presentation.requested", "x", new JsonObject());
        others.tell(
                "identity",
                "certificate.issued",
                "nobody",
                new JsonObject(
                        """
                {"agency": "nobody", "purpose": "record-seal", "chain": ["AAAA"]}"""));
        runThrough(19, HandoverKey.generate());
    }

    private io.restassured.response.Response decide(String officer, UUID application, String decision) {
        return given().auth()
                .oauth2(TestTokens.user(officer))
                .contentType("application/json")
                .body("{\"decision\": \"" + decision + "\", \"reason\": \"as the bylaw says\"}")
                .post("/records/applications/" + application + "/decision");
    }

    private long sealsOf(UUID application) {
        return pool.preparedQuery("select count(*) from record where application = $1")
                .execute(Tuple.of(application))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private byte[] get(String path) {
        return given().auth()
                .oauth2(TestTokens.user("minji"))
                .get(path)
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
