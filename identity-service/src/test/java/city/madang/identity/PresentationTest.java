package city.madang.identity;

import static city.madang.identity.TestVerification.STREET_AND_DISTRICT;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.kit.keys.Keyring;
import com.authlete.sd.Disclosure;
import com.authlete.sd.SDJWT;
import com.authlete.sd.SDObjectBuilder;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.X509CertUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PresentationTest {

    private static final Set<String> ASKED = Set.of("street_address", "district");

    @Inject
    Keyring keyring;

    private TestWallet wallet;
    private String credential;

    @BeforeEach
    void a_citizen_with_a_credential() {
        TestCity.register("city-hall");
        TestCity.register("transport");
        wallet = new TestWallet();
        credential = wallet.receive(TestWallet.residencyOffer());
    }

    private static void refused(Response response, String why) {
        response.then()
                .statusCode(400)
                .body("error", equalTo("invalid_request"))
                .body("error_description", containsString(why));
    }

    private String good(TestVerification asked) {
        return wallet.present(credential, ASKED, asked.clientId(), asked.nonce());
    }

    @Test
    void an_agency_gets_exactly_what_it_asked_for_and_once() {
        TestVerification asked = TestVerification.asked("transport", STREET_AND_DISTRICT);
        asked.result("transport").then().statusCode(409);
        asked.answer(good(asked)).then().statusCode(200).body("$", aMapWithSize(0));
        TestCity.agency("transport")
                .get("/identity/presentations/" + asked.id())
                .then()
                .body("state", equalTo("verified"));
        asked.result("transport")
                .then()
                .statusCode(200)
                .body("credentials.residency", equalTo(Map.of("street_address", "마당로 1", "district", "중구")));
        asked.result("transport").then().statusCode(410).body("type", equalTo("urn:madang:problem:result-gone"));
    }

    @Test
    void the_request_object_is_signed_by_the_agency_and_asks_as_haip_says() throws Exception {
        TestVerification asked = TestVerification.asked("transport", STREET_AND_DISTRICT);
        assertEquals("oauth-authz-req+jwt", asked.object().getHeader().getType().toString());
        var chain = asked.object().getHeader().getX509CertChain();
        assertEquals(2, chain.size());
        byte[] der = chain.getFirst().decode();
        var leaf = X509CertUtils.parse(der);
        assertTrue(asked.object().verify(new ECDSAVerifier((ECPublicKey) leaf.getPublicKey())));
        assertTrue(leaf.getSubjectAlternativeNames().stream().anyMatch(name -> "localhost".equals(name.get(1))));
        String clientId = "x509_hash:"
                + Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(der));
        assertEquals(clientId, asked.clientId());
        assertEquals(clientId, TestWallet.query(asked.link()).get("client_id"));
        Map<String, Object> request = asked.request();
        assertEquals("direct_post.jwt", request.get("response_mode"));
        assertEquals("vp_token", request.get("response_type"));
        assertEquals("https://self-issued.me/v2", String.valueOf(request.get("aud")));
        assertEquals("from-the-wallet", request.get("wallet_nonce"));
        assertTrue(asked.nonce().length() >= 22, "128 bits");
        TestVerification other = TestVerification.asked("transport", STREET_AND_DISTRICT);
        assertNotEquals(asked.nonce(), other.nonce());
        assertNotEquals(asked.encryptionKey().getX(), other.encryptionKey().getX());
        given().get(TestWallet.path(TestWallet.query(asked.link()).get("request_uri")))
                .then()
                .statusCode(200)
                .contentType("application/oauth-authz-req+jwt");
    }

    @Test
    void a_response_is_taken_once() {
        TestVerification asked = TestVerification.asked("transport", STREET_AND_DISTRICT);
        String jwe = TestVerification.encrypted(
                Map.of(
                        "vp_token",
                        Map.of("residency", List.of(good(asked))),
                        "state",
                        asked.request().get("state")),
                asked.encryptionKey(),
                EncryptionMethod.A256GCM);
        asked.send(jwe).then().statusCode(200);
        refused(asked.send(jwe), "answered before");
        given().get(TestWallet.path(TestWallet.query(asked.link()).get("request_uri")))
                .then()
                .statusCode(404);
    }

    @Test
    void a_response_to_another_request_is_refused() {
        TestVerification one = TestVerification.asked("transport", STREET_AND_DISTRICT);
        TestVerification other = TestVerification.asked("transport", STREET_AND_DISTRICT);
        String forOne = TestVerification.encrypted(
                Map.of(
                        "vp_token",
                        Map.of("residency", List.of(good(one))),
                        "state",
                        one.request().get("state")),
                one.encryptionKey(),
                EncryptionMethod.A128GCM);
        refused(other.send(forOne), "encrypted");
        // decrypts, but was signed for the other nonce
        refused(other.answer(good(one)), "nonce");
        String withOtherState = TestVerification.encrypted(
                Map.of(
                        "vp_token",
                        Map.of("residency", List.of(good(one))),
                        "state",
                        other.request().get("state")),
                one.encryptionKey(),
                EncryptionMethod.A128GCM);
        refused(one.send(withOtherState), "state");
        refused(one.send("a.b.c.d.e"), "decrypted");
        one.answer(good(one)).then().statusCode(200);
    }

    @Test
    void a_key_binding_for_another_verifier_time_key_or_disclosure_is_refused() {
        TestVerification asked = TestVerification.asked("transport", STREET_AND_DISTRICT);
        String me = asked.clientId();
        refused(asked.answer(wallet.present(credential, ASKED, "x509_hash:other", asked.nonce())), "another verifier");
        refused(asked.answer(wallet.present(credential, ASKED, me, "wrong")), "another nonce");
        refused(
                asked.answer(wallet.present(
                        credential, ASKED, me, asked.nonce(), Instant.now().plusSeconds(600))),
                "iat");
        refused(
                asked.answer(wallet.present(
                        credential, ASKED, me, asked.nonce(), Instant.now().minusSeconds(3600))),
                "iat");
        refused(asked.answer(new TestWallet().present(credential, ASKED, me, asked.nonce())), "holder's key");
        String good = good(asked);
        SDJWT all = SDJWT.parse(credential);
        SDJWT bound = SDJWT.parse(good);
        refused(
                asked.answer(
                        new SDJWT(bound.getCredentialJwt(), all.getDisclosures(), bound.getBindingJwt()).toString()),
                "other disclosures");
        refused(asked.answer(good.substring(0, good.lastIndexOf('~') + 1)), "no key binding");
        asked.answer(good).then().statusCode(200);
    }

    @Test
    void less_and_more_than_was_asked_for_is_refused() {
        TestVerification asked = TestVerification.asked("transport", STREET_AND_DISTRICT);
        refused(
                asked.answer(wallet.present(credential, Set.of("district"), asked.clientId(), asked.nonce())),
                "missing");
        refused(
                asked.answer(wallet.present(
                        credential,
                        Set.of("district", "street_address", "family_name"),
                        asked.clientId(),
                        asked.nonce())),
                "more was disclosed");
        Disclosure invented = new Disclosure("district", "강남구");
        SDJWT shown = SDJWT.parse(wallet.present(credential, ASKED, asked.clientId(), asked.nonce()));
        List<Disclosure> more = new ArrayList<>(shown.getDisclosures());
        more.add(invented);
        refused(
                asked.answer(wallet.bind(
                        new SDJWT(shown.getCredentialJwt(), more), asked.clientId(), asked.nonce(), Instant.now())),
                "belongs to nothing");
        more.set(more.size() - 1, more.getFirst());
        refused(
                asked.answer(wallet.bind(
                        new SDJWT(shown.getCredentialJwt(), more), asked.clientId(), asked.nonce(), Instant.now())),
                "repeated");
    }

    @Test
    void only_the_owner_s_certified_key_may_have_issued_it_and_not_too_long_ago() throws Exception {
        TestVerification asked = TestVerification.asked("transport", STREET_AND_DISTRICT);
        Instant soon = Instant.now().plusSeconds(3600);
        UnaryOperator<byte[]> cityHall = input -> keyring.sign("agency/city-hall/credential-issuer", input);
        List<String> chain = chain("city-hall", "credential-issuer");

        // the forger's tools are right: what the owner signs is taken
        refused(asked.answer(shown(asked, forged(chain, cityHall, Instant.now().minusSeconds(3600)))), "expired");
        refused(
                asked.answer(shown(
                        asked,
                        forged(
                                chain("city-hall", "verifier"),
                                input -> keyring.sign("agency/city-hall/verifier", input),
                                soon))),
                "may not issue");
        refused(
                asked.answer(shown(
                        asked,
                        forged(
                                chain("transport", "credential-issuer"),
                                input -> keyring.sign("agency/transport/credential-issuer", input),
                                soon))),
                "may not issue");
        ECKey own = TestWallet.newKey();
        UnaryOperator<byte[]> ownSigner = input -> signed(own, input);
        refused(asked.answer(shown(asked, forged(List.of(selfSigned(own)), ownSigner, soon))), "self-signed");
        refused(asked.answer(shown(asked, forged(chain, ownSigner, soon))), "not signed by its issuer");
        refused(asked.answer(shown(asked, forged(chain.subList(0, 1), cityHall, soon))), "trust anchor");
        refused(
                asked.answer(shown(asked, forged(List.of(selfSigned(own), chain.get(1)), ownSigner, soon))),
                "self-signed");
        asked.answer(shown(asked, forged(chain, cityHall, soon))).then().statusCode(200);
    }

    private String shown(TestVerification asked, String forged) {
        return wallet.present(forged, ASKED, asked.clientId(), asked.nonce());
    }

    private String forged(List<String> x5c, UnaryOperator<byte[]> signer, Instant expires) throws Exception {
        SDObjectBuilder builder = new SDObjectBuilder();
        List<Disclosure> disclosures =
                List.of(builder.putSDClaim("street_address", "마당로 9"), builder.putSDClaim("district", "중구"));
        builder.putClaim("iss", TestWallet.ISSUER);
        builder.putClaim("vct", TestWallet.ISSUER + "/vct/residency");
        builder.putClaim("exp", expires.getEpochSecond());
        builder.putClaim("cnf", Map.of("jwk", wallet.key.toPublicJWK().toJSONObject()));
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("typ", "dc+sd-jwt");
        header.put("x5c", x5c);
        String input = Base64URL.encode(JSONObjectUtils.toJSONString(header)) + "."
                + Base64URL.encode(JSONObjectUtils.toJSONString(builder.build()));
        String jwt = input + "." + Base64URL.encode(signer.apply(input.getBytes(StandardCharsets.US_ASCII)));
        return new SDJWT(jwt, disclosures).toString();
    }

    private static byte[] signed(ECKey key, byte[] input) {
        try {
            return new ECDSASigner(key)
                    .sign(new JWSHeader(com.nimbusds.jose.JWSAlgorithm.ES256), input)
                    .decode();
        } catch (com.nimbusds.jose.JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static List<String> chain(String agency, String purpose) {
        return given().get("/identity/agencies/" + agency)
                .then()
                .statusCode(200)
                .extract()
                .path("certificates.find { it.purpose == '" + purpose + "' }.x5c");
    }

    private static String selfSigned(ECKey key) throws Exception {
        X500Name name = new X500Name("CN=The agency city-hall");
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.TWO,
                Date.from(Instant.now().minusSeconds(60)),
                Date.from(Instant.now().plusSeconds(3600)),
                name,
                key.toECPublicKey());
        return Base64.encode(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.toECPrivateKey()))
                        .getEncoded())
                .toString();
    }

    @Test
    void alg_none_and_hmac_do_not_pass_for_a_signature() throws Exception {
        TestVerification asked = TestVerification.asked("transport", STREET_AND_DISTRICT);
        String[] parts = SDJWT.parse(credential).getCredentialJwt().split("\\.");
        SDJWT shown = SDJWT.parse(good(asked));
        for (String alg : List.of("none", "HS256")) {
            Map<String, Object> header =
                    new LinkedHashMap<>(JSONObjectUtils.parse(new Base64URL(parts[0]).decodeToString()));
            header.put("alg", alg);
            String jwt = Base64URL.encode(JSONObjectUtils.toJSONString(header)) + "." + parts[1] + "."
                    + (alg.equals("none") ? "" : parts[2]);
            refused(
                    asked.answer(wallet.bind(
                            new SDJWT(jwt, shown.getDisclosures()), asked.clientId(), asked.nonce(), Instant.now())),
                    "ES256");
        }
    }

    @Test
    void another_agency_and_any_citizen_see_nothing_of_it() {
        TestVerification asked = TestVerification.asked("transport", STREET_AND_DISTRICT);
        asked.answer(good(asked)).then().statusCode(200);
        String path = "/identity/presentations/" + asked.id();
        TestCity.agency("city-hall").get(path).then().statusCode(404);
        TestCity.agency("city-hall").get(path + "/result").then().statusCode(404);
        TestCity.citizen("minji").get(path).then().statusCode(404);
        TestCity.agency("transport").get(path + "/result").then().statusCode(200);
    }

    @Test
    void a_holder_may_decline() {
        TestVerification asked = TestVerification.asked("transport", STREET_AND_DISTRICT);
        String path = TestWallet.path((String) asked.request().get("response_uri"));
        given().formParam("error", "access_denied").post(path).then().statusCode(400);
        given().formParam("error", "access_denied")
                .formParam("state", asked.request().get("state"))
                .post(path)
                .then()
                .statusCode(200);
        TestCity.agency("transport")
                .get("/identity/presentations/" + asked.id())
                .then()
                .body("state", is("declined"));
    }

    @Test
    void queries_that_cannot_be_checked_are_not_asked() {
        for (Map<String, Object> query : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("credentials", List.of()),
                Map.of("credentials", List.of(Map.of("id", "a", "format", "mso_mdoc", "meta", Map.of()))),
                TestVerification.dcql(List.of()),
                TestVerification.dcql(List.of("x".repeat(400))))) {
            TestCity.agency("transport")
                    .body(Map.of("dcql_query", query))
                    .post("/identity/presentations")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:madang:problem:invalid-dcql-query"));
        }
    }
}
