package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import com.authlete.sd.Disclosure;
import com.authlete.sd.SDJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.common.mapper.TypeRef;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ServiceEventsTest {

    private static final JsonObject TEXT = new JsonObject().put("ko", "주차 허가").put("en", "Parking permit");

    @Inject
    HandoverStore handovers;

    @Inject
    Pool pool;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @ConfigProperty(name = "madang.handover.dir")
    Path handoverFolder;

    private OtherServices others;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
        others = new OtherServices(broker);
    }

    @AfterEach
    void close() {
        others.close();
    }

    private static JsonObject submitted(UUID application, JsonObject recordsKey) {
        return new JsonObject()
                .put("application", application.toString())
                .put("service", "parking-permit")
                .put("agency", "transport")
                .put("applicant", TestTokens.subject("minji"))
                .put("handover_key", recordsKey);
    }

    private void publish(String agency) {
        others.tell(
                "service.published",
                "parking-permit",
                new JsonObject()
                        .put("service", "parking-permit")
                        .put("agency", agency)
                        .put("version", 1)
                        .put(
                                "credential",
                                new JsonObject()
                                        .put("id", "parking-permit")
                                        .put("display", TEXT)
                                        .put("validity_days", 30)
                                        .put(
                                                "claims",
                                                new JsonArray()
                                                        .add(new JsonObject()
                                                                .put("name", "plate")
                                                                .put("label", TEXT)))));
    }

    @Test
    void an_application_goes_from_presentation_to_credential_by_events_alone() throws Exception {
        publish("transport");
        UUID application = UUID.randomUUID();
        String recordsKey = HandoverKey.generate();
        UUID eventId = UUID.randomUUID();
        JsonObject submitted = submitted(application, HandoverKey.publicJwk(recordsKey))
                .put("dcql_query", new JsonObject(TestVerification.STREET_AND_DISTRICT));
        others.tell(eventId, "application.submitted", application.toString(), submitted);
        others.tell(eventId, "application.submitted", application.toString(), submitted);
        JsonObject requested = others.hears("presentation.requested", application.toString());

        String path = "/identity/presentations/" + requested.getString("transaction");
        TestCity.citizen("junho").get(path).then().statusCode(404);
        TestCity.agency("city-hall").get(path).then().statusCode(404);
        TestCity.agency("transport").get(path).then().statusCode(200);
        TestCity.agency("transport").get(path + "/result").then().statusCode(404);
        Map<String, Object> shown = TestCity.citizen("minji")
                .get(path)
                .then()
                .statusCode(200)
                .body("state", equalTo("requested"))
                .extract()
                .as(new TypeRef<>() {});
        TestWallet wallet = new TestWallet();
        String credential = wallet.receive(TestWallet.residencyOffer());
        TestVerification asked =
                TestVerification.fetched((String) shown.get("id"), (String) shown.get("authorization_request"));
        asked.answer(wallet.present(credential, Set.of("street_address", "district"), asked.clientId(), asked.nonce()))
                .then()
                .statusCode(200);

        JsonObject verified = others.hears("presentation.verified", application.toString());
        HandoverStore.Reference handover = HandoverStore.Reference.of(verified.getJsonObject("handover"));
        assertEquals(
                new JsonObject("{\"residency\":{\"street_address\":\"마당로 1\",\"district\":\"중구\"}}"),
                HandoverKey.decrypt(handovers.get(handover), recordsKey));
        assertEquals(
                1L,
                count(
                        "select count(*) from presentation where application = $1 and result is null"
                                + " and encryption_key is null",
                        application));
        assertEquals(1L, others.heardOf("presentation.requested", application.toString()));

        UUID record = UUID.randomUUID();
        HandoverStore.Reference back = handovers.put(
                HandoverKey.encrypt(new JsonObject().put("plate", "12가3456"), requested.getJsonObject("handover_key")));
        others.tell(
                "record.sealed",
                record.toString(),
                new JsonObject()
                        .put("record", record.toString())
                        .put("application", application.toString())
                        .put("agency", "transport")
                        .put("applicant", TestTokens.subject("minji"))
                        .put("log_index", 1)
                        .put(
                                "credential",
                                new JsonObject().put("id", "parking-permit").put("handover", back.toJson())));
        JsonObject offered = others.hears("credential.offered", application.toString());
        assertEquals(record.toString(), offered.getString("record"));
        String offer = offered.getString("offer");
        Map<String, Object> announced = TestCity.citizen("minji")
                .get("/identity/credential-offers/" + offer)
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
        SDJWT permit = SDJWT.parse(wallet.receive(announced));
        assertEquals(
                Map.of("plate", "12가3456", "record", record.toString()),
                permit.getDisclosures().stream()
                        .collect(Collectors.toMap(Disclosure::getClaimName, Disclosure::getClaimValue)));
        assertEquals(
                application.toString(), others.hears("credential.issued", offer).getString("application"));

        // another record takes the place of this one: its credential is revoked, once, however often that is told
        JsonObject superseded = new JsonObject()
                .put("record", record.toString())
                .put("application", application.toString())
                .put("agency", "transport")
                .put("log_index", 2)
                .put("successor", UUID.randomUUID().toString())
                .put("successor_application", UUID.randomUUID().toString());
        others.tell("record.superseded", record.toString(), superseded);
        others.tell("record.superseded", record.toString(), superseded);
        awaitCount(1, "select count(*) from issuance where application = $1 and status = 'revoked'", application);
        UUID thirdTime = UUID.randomUUID();
        others.tell(thirdTime, "record.superseded", record.toString(), superseded);
        awaitCount(1, "select count(*) from inbox where id = $1", thirdTime);
        awaitCount(0, "select count(*) from revocation_order where application = $1", application);
        assertEquals(
                1L,
                count(
                        "select count(*) from status_change c join issuance i on i.id = c.issuance"
                                + " where i.application = $1 and c.reason = 'superseded'",
                        application));

        // nothing of it is left here
        assertEquals(1L, count("select count(*) from application where id = $1 and own_key is null", application));
        assertEquals(
                1L,
                count(
                        "select count(*) from credential_offer where id = $1 and claims is null",
                        UUID.fromString(offer)));
        for (int wait = 0; Files.exists(handoverFolder.resolve(back.id())) && wait < 100; wait++) {
            Thread.sleep(100);
        }
        assertFalse(Files.exists(handoverFolder.resolve(back.id())));
        assertFalse(others.everything().contains("마당로") || others.everything().contains("12가3456"));
    }

    private void awaitCount(long expected, String query, UUID id) throws InterruptedException {
        long found = count(query, id);
        for (int wait = 0; found != expected && wait < 200; wait++) {
            Thread.sleep(100);
            found = count(query, id);
        }
        assertEquals(expected, found, query);
    }

    @Test
    void what_was_asked_for_an_application_that_has_ended_is_withdrawn_once() {
        UUID application = UUID.randomUUID();
        others.tell(
                "application.submitted",
                application.toString(),
                submitted(application, HandoverKey.publicJwk(HandoverKey.generate()))
                        .put(
                                "expires_at",
                                java.time.Instant.now().plusSeconds(86_400).toString())
                        .put("dcql_query", new JsonObject(TestVerification.STREET_AND_DISTRICT)));
        String transaction =
                others.hears("presentation.requested", application.toString()).getString("transaction");
        JsonObject closed = new JsonObject()
                .put("application", application.toString())
                .put("agency", "transport")
                .put("outcome", "withdrawn");
        others.tell("application.closed", application.toString(), closed);
        others.tell("application.closed", application.toString(), closed);
        assertEquals(
                transaction,
                others.hears("presentation.withdrawn", application.toString()).getString("transaction"));
        TestCity.citizen("minji")
                .get("/identity/presentations/" + transaction)
                .then()
                .body("state", equalTo("expired"));
        assertEquals(1L, count("select count(*) from application where id = $1 and own_key is null", application));
        UUID other = UUID.randomUUID();
        others.tell(
                "application.submitted",
                other.toString(),
                submitted(other, HandoverKey.publicJwk(HandoverKey.generate())));
        others.hears("presentation.waived", other.toString());
        assertEquals(1L, others.heardOf("presentation.withdrawn", application.toString()));
    }

    @Test
    void a_credential_that_its_type_does_not_take_is_told_to_have_failed() throws Exception {
        publish("transport");
        UUID application = UUID.randomUUID();
        others.tell(
                "application.submitted",
                application.toString(),
                submitted(application, HandoverKey.publicJwk(HandoverKey.generate())));
        JsonObject key =
                others.hears("presentation.waived", application.toString()).getJsonObject("handover_key");
        HandoverStore.Reference claims =
                handovers.put(HandoverKey.encrypt(new JsonObject().put("no_such_claim", "12가3456"), key));
        others.tell(
                "record.sealed",
                application.toString(),
                new JsonObject()
                        .put("record", UUID.randomUUID().toString())
                        .put("application", application.toString())
                        .put("agency", "transport")
                        .put("applicant", TestTokens.subject("minji"))
                        .put("log_index", 1)
                        .put(
                                "credential",
                                new JsonObject().put("id", "parking-permit").put("handover", claims.toJson())));
        assertEquals(
                "claims-do-not-fit",
                others.hears("credential.failed", application.toString()).getString("reason"));
        assertEquals(0L, count("select count(*) from credential_offer where application = $1", application));
    }

    private long count(String query, UUID id) {
        return pool.preparedQuery(query)
                .execute(Tuple.of(id))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void a_service_that_asks_for_no_credentials_waives_the_presentation() {
        UUID application = UUID.randomUUID();
        others.tell(
                "application.submitted",
                application.toString(),
                submitted(application, HandoverKey.publicJwk(HandoverKey.generate())));
        JsonObject waived = others.hears("presentation.waived", application.toString());
        assertEquals("P-256", waived.getJsonObject("handover_key").getString("crv"));
        assertFalse(waived.getJsonObject("handover_key").containsKey("d"));
    }

    @Test
    void a_service_cannot_take_over_a_credential_type_of_another_agency() {
        publish("transport");
        publish("city-hall");
        UUID application = UUID.randomUUID();
        others.tell(
                "application.submitted",
                application.toString(),
                submitted(application, HandoverKey.publicJwk(HandoverKey.generate())));
        // what comes after the refused event is still taken
        others.hears("presentation.waived", application.toString());
        given().get("/identity/credential-types?limit=200")
                .then()
                .body("items.find { it.id == 'parking-permit' }.agency", equalTo("transport"));
    }

    @Test
    void a_record_seal_is_certified_for_a_proven_key_and_stays_the_same() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        KeyPair other = generator.generateKeyPair();
        // a request for a key that its sender does not hold is refused
        others.tell("certificate.requested", "transport", request(pair, other));
        others.tell("certificate.requested", "transport", request(pair, pair));
        JsonObject issued = others.hears("certificate.issued", "transport");
        assertEquals("record-seal", issued.getString("purpose"));
        JsonArray chain = issued.getJsonArray("chain");
        assertEquals(2, chain.size());
        X509Certificate leaf = parse(chain.getString(0));
        leaf.verify(parse(chain.getString(1)).getPublicKey());
        assertEquals(pair.getPublic(), leaf.getPublicKey());
        assertTrue(leaf.getKeyUsage()[0] && leaf.getKeyUsage()[1], "digitalSignature and nonRepudiation");

        others.tell("certificate.requested", "transport", request(pair, pair));
        for (int wait = 0; others.heardOf("certificate.issued", "transport") < 2 && wait < 50; wait++) {
            Thread.sleep(100);
        }
        assertEquals(2L, others.heardOf("certificate.issued", "transport"));
        assertEquals(
                chain.getString(0),
                given().get("/identity/agencies/transport")
                        .path("certificates.find { it.purpose == 'record-seal' }.x5c[0]"));
        // whoever verifies a record offline finds the seal on the city's list
        for (int wait = 0; !trustList().contains(chain.getString(0)) && wait < 100; wait++) {
            Thread.sleep(100);
        }
        assertTrue(trustList().contains(chain.getString(0)));
    }

    private static String trustList() {
        String jws = given().get("/identity/trust-list")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        return new String(
                Base64.getUrlDecoder().decode(jws.split("\\.", -1)[1]), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static JsonObject request(KeyPair certified, KeyPair signer) throws Exception {
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=transport"), certified.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
                .getEncoded();
        return new JsonObject()
                .put("agency", "transport")
                .put("purpose", "record-seal")
                .put("csr", Base64.getEncoder().encodeToString(der));
    }

    private static X509Certificate parse(String base64) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
    }
}
