package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.jose.StrictJson;
import com.authlete.sd.SDJWT;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.common.mapper.TypeRef;
import io.restassured.response.Response;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What plans for conformant verifiers try at this one (OpenID4VP 1.0, HAIP 1.0): a wallet that fetches the request and looks at all of
 * it, then shows credentials of issuers outside the city that an operator trusts, good ones and such as are wrong in one way.
 */
@QuarkusTest
@TestProfile(VerifierPlanTest.TrustingAState.class)
class VerifierPlanTest {

    /** As an operator sets it down, in the settings alone. */
    public static final class TrustingAState implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            StateIssuer state = StateIssuer.create();
            return Map.of(
                    "madang.other-issuers.pid.certificates", state.pidCa().toString(),
                    "madang.other-issuers.pid.types", StateWallet.PID,
                    "madang.other-issuers.licences.certificates", state.iaca().toString(),
                    "madang.other-issuers.licences.types", StateWallet.LICENCE,
                    "madang.fetch.extra-ca", state.hostCa().toString(),
                    "madang.fetch.internal-hosts", "localhost",
                    "madang.test.state-dir", state.folder().toString());
        }
    }

    private static final String AGENCY = "transport";
    private static final String RETURN = "https://transport.example/return";
    private static final String REQUEST_OBJECT = "application/oauth-authz-req+jwt";

    private LocalHost host;
    private StateWallet wallet;

    @BeforeEach
    void an_agency_may_ask_for_what_the_state_issues() throws Exception {
        StateIssuer state =
                new StateIssuer(Path.of(ConfigProvider.getConfig().getValue("madang.test.state-dir", String.class)));
        host = state.host();
        wallet = new StateWallet(state, host, new TestWallet());
        TestCity.register(AGENCY);
        TestCity.rights(
                AGENCY,
                Map.of(
                        "asks",
                        List.of(
                                TestCity.ask("dc+sd-jwt", StateWallet.PID, paths("dc+sd-jwt")),
                                TestCity.ask("mso_mdoc", StateWallet.LICENCE, paths("mso_mdoc")))));
    }

    @AfterEach
    void as_before() throws Exception {
        TestCity.register(AGENCY);
        host.close();
    }

    @SuppressWarnings("unchecked")
    private static List<?>[] paths(String format) {
        return format.equals("mso_mdoc")
                ? StateWallet.LICENCE_CLAIMS.stream()
                        .map(name -> List.of(StateWallet.NAME_SPACE, name))
                        .toArray(List[]::new)
                : StateWallet.PID_CLAIMS.stream()
                        .filter(name -> !name.equals("country"))
                        .map(List::of)
                        .toArray(List[]::new);
    }

    private static Map<String, Object> dcql(String format) {
        Object meta = format.equals("mso_mdoc")
                ? Map.of("doctype_value", StateWallet.LICENCE)
                : Map.of("vct_values", List.of(StateWallet.PID));
        return Map.of(
                "credentials",
                List.of(Map.of(
                        "id",
                        "asked",
                        "format",
                        format,
                        "meta",
                        meta,
                        "claims",
                        java.util.Arrays.stream(paths(format))
                                .map(path -> Map.of("path", path))
                                .toList())));
    }

    private static Map<String, Object> created(String format, String prefix, String mode) {
        return TestCity.agency(AGENCY)
                .body(Map.of(
                        "dcql_query",
                        dcql(format),
                        "client_id_prefix",
                        prefix,
                        "response_mode",
                        mode,
                        "redirect_uri",
                        RETURN))
                .post("/identity/presentations")
                .then()
                .statusCode(201)
                .extract()
                .as(new TypeRef<>() {});
    }

    /** Fetched by GET, with the Accept of a client that has not thought of one. */
    private static TestVerification asked(String format, String prefix, String mode) throws Exception {
        Map<String, Object> created = created(format, prefix, mode);
        String link = (String) created.get("authorization_request");
        return fetched((String) created.get("id"), link);
    }

    private static TestVerification fetched(String id, String link) throws Exception {
        SignedJWT object = SignedJWT.parse(given().accept("text/plain, */*")
                .get(TestWallet.path(TestWallet.query(link).get("request_uri")))
                .then()
                .statusCode(200)
                .contentType(REQUEST_OBJECT)
                .extract()
                .asString());
        return new TestVerification(id, link, object, object.getJWTClaimsSet().toJSONObject());
    }

    private static TestVerification asked(String format) throws Exception {
        return asked(format, "x509_hash", "direct_post.jwt");
    }

    private String shown(TestVerification asked, String format, Map<String, Object> status) {
        return format.equals("mso_mdoc")
                ? wallet.shown(wallet.licence(status), asked, asked.nonce())
                : bound(
                        asked,
                        wallet.pid(
                                wallet.holder().key.toPublicJWK(),
                                status == null ? Map.of() : Map.of("status", status)));
    }

    private String bound(TestVerification asked, String pid) {
        return wallet.holder().bind(wallet.minimal(pid), asked.clientId(), asked.nonce(), Instant.now());
    }

    private String listed(TestVerification asked, String format, boolean revoked) {
        StateWallet.Status status = wallet.inList(format.equals("mso_mdoc") ? "cwt" : "jwt", revoked);
        return shown(asked, format, wallet.claim(status));
    }

    /** Sent as the request asks for it; encrypted as wallets do that know a nonce of the mdoc. */
    private static Response answered(TestVerification asked, String presentation) throws Exception {
        Map<String, Object> vpToken = Map.of("asked", List.of(presentation));
        var request = given().accept("application/json");
        if (asked.request().get("response_mode").equals("direct_post")) {
            request.formParam("vp_token", StrictJson.write(vpToken))
                    .formParam("state", asked.request().get("state"));
        } else {
            ECKey key = asked.encryptionKey();
            JWEObject jwe = new JWEObject(
                    new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, EncryptionMethod.A128GCM)
                            .keyID(key.getKeyID())
                            .agreementPartyUInfo(Base64URL.encode("of-the-mdoc"))
                            .agreementPartyVInfo(Base64URL.encode(asked.nonce()))
                            .contentType("json")
                            .build(),
                    new Payload(
                            Map.of("vp_token", vpToken, "state", asked.request().get("state"))));
            jwe.encrypt(new ECDHEncrypter(key));
            request.formParam("response", jwe.serialize());
        }
        return request.post(TestWallet.path((String) asked.request().get("response_uri")));
    }

    private static void taken(TestVerification asked, Response answer) {
        Map<String, Object> body = answer.then()
                .statusCode(200)
                .contentType("application/json")
                .extract()
                .as(new TypeRef<>() {});
        assertEquals(Set.of("redirect_uri"), body.keySet());
        String redirect = (String) body.get("redirect_uri");
        assertTrue(redirect.startsWith(RETURN + "#response_code="), redirect);
        TestCity.agency(AGENCY)
                .queryParam("response_code", redirect.replaceAll(".*=", ""))
                .get("/identity/presentations/" + asked.id() + "/result")
                .then()
                .statusCode(200);
    }

    private static void refused(TestVerification asked, String step, Response answer) {
        answer.then().statusCode(400);
        TestCity.agency(AGENCY)
                .get("/identity/presentations/" + asked.id())
                .then()
                .body("failure.step", org.hamcrest.Matchers.equalTo(step));
    }

    @ParameterizedTest
    @CsvSource({
        "dc+sd-jwt, x509_hash, direct_post.jwt",
        "dc+sd-jwt, x509_hash, direct_post",
        "dc+sd-jwt, x509_san_dns, direct_post.jwt",
        "dc+sd-jwt, x509_san_dns, direct_post",
        "mso_mdoc, x509_hash, direct_post.jwt",
        "mso_mdoc, x509_hash, direct_post",
        "mso_mdoc, x509_san_dns, direct_post.jwt",
        "mso_mdoc, x509_san_dns, direct_post"
    })
    void a_good_credential_is_taken_after_its_status_was_looked_up(String format, String prefix, String mode)
            throws Exception {
        TestVerification asked = asked(format, prefix, mode);
        isAsTheStandardsSay(asked, format, prefix, mode);
        StateWallet.Status status = wallet.inList(format.equals("mso_mdoc") ? "cwt" : "jwt", false);
        taken(asked, answered(asked, shown(asked, format, wallet.claim(status))));
        String accepted = host.accepted(status.path()).orElseThrow();
        assertTrue(
                accepted.contains("application/statuslist+" + (format.equals("mso_mdoc") ? "cwt" : "jwt")), accepted);
    }

    /** Every word of the request. */
    private static void isAsTheStandardsSay(TestVerification asked, String format, String prefix, String mode)
            throws Exception {
        Map<String, String> link = TestWallet.query(asked.link());
        assertEquals(Set.of("client_id", "request_uri", "request_uri_method"), link.keySet());
        assertEquals("post", link.get("request_uri_method"));
        URI uri = URI.create(link.get("request_uri"));
        assertEquals("https", uri.getScheme());
        assertNull(uri.getFragment());
        signedBy(asked, prefix);
        Map<String, Object> request = asked.request();
        assertEquals(TestVerification.MEMBERS, request.keySet());
        assertEquals(link.get("client_id"), request.get("client_id"));
        assertEquals(request.get("client_id"), request.get("iss"));
        assertEquals(
                "https://self-issued.me/v2",
                request.get("aud") instanceof List<?> one ? one.getFirst() : request.get("aud"));
        assertEquals("vp_token", request.get("response_type"));
        assertEquals(mode, request.get("response_mode"));
        long now = Instant.now().getEpochSecond();
        assertTrue(((Number) request.get("iat")).longValue() <= now);
        assertTrue(((Number) request.get("exp")).longValue() > now);
        URI responseUri = URI.create((String) request.get("response_uri"));
        assertEquals("https", responseUri.getScheme());
        assertNull(responseUri.getFragment());
        // 16 characters is a guess at enough, 43 are 256 bits
        assertTrue(asked.nonce().matches("[A-Za-z0-9_-]{16,43}"), asked.nonce());
        assertEquals(StrictJson.object(StrictJson.write(dcql(format))), request.get("dcql_query"));
        Map<?, ?> metadata = (Map<?, ?>) request.get("client_metadata");
        boolean encrypted = mode.equals("direct_post.jwt");
        assertEquals(
                encrypted
                        ? Set.of("jwks", "vp_formats_supported", "encrypted_response_enc_values_supported")
                        : Set.of("vp_formats_supported"),
                metadata.keySet());
        assertTrue(((Map<?, ?>) metadata.get("vp_formats_supported")).containsKey(format));
        if (encrypted) {
            assertEquals(List.of("A128GCM", "A256GCM"), metadata.get("encrypted_response_enc_values_supported"));
            ECKey key = asked.encryptionKey();
            assertFalse(key.isPrivate());
            assertEquals(KeyUse.ENCRYPTION, key.getKeyUse());
            assertEquals(JWEAlgorithm.ECDH_ES, key.getAlgorithm());
            assertEquals("P-256", key.getCurve().getName());
            assertFalse(key.getKeyID().isBlank());
            assertFalse(key.equals(asked(format, prefix, mode).encryptionKey()), "a key of its own for each request");
        }
    }

    /** The chain leads to the city's root without it, by RFC 5280; its leaf is the client that it says it is. */
    private static void signedBy(TestVerification asked, String prefix) throws Exception {
        var header = asked.object().getHeader();
        assertEquals("oauth-authz-req+jwt", header.getType().getType());
        List<X509Certificate> chain = new ArrayList<>();
        header.getX509CertChain().forEach(der -> chain.add(X509CertUtils.parse(der.decode())));
        X509Certificate leaf = chain.getFirst();
        leaf.checkValidity();
        assertTrue(asked.object().verify(new ECDSAVerifier((ECPublicKey) leaf.getPublicKey())));
        X509Certificate root = X509CertUtils.parse(
                Files.readString(Path.of(ConfigProvider.getConfig().getValue("madang.trust-anchor", String.class))));
        assertFalse(chain.contains(root));
        assertFalse(leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal()));
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
        boolean[] usage = leaf.getKeyUsage();
        for (int bit = 0; bit < usage.length; bit++) {
            assertEquals(bit == 0, usage[bit], "digitalSignature alone");
        }
        if (prefix.equals("x509_hash")) {
            assertEquals("x509_hash:" + X509CertUtils.computeSHA256Thumbprint(leaf), asked.clientId());
        } else {
            String host = asked.clientId().substring("x509_san_dns:".length());
            assertTrue(leaf.getSubjectAlternativeNames().contains(List.of(2, host)), host);
            assertEquals(
                    host,
                    URI.create((String) asked.request().get("response_uri")).getHost());
        }
    }

    @Test
    void a_member_of_the_query_that_is_null_is_as_absent_and_shown_to_no_wallet() throws Exception {
        Map<String, Object> created = TestCity.agency(AGENCY)
                .body(
                        """
                        {"dcql_query": {"credential_sets": null, "credentials": [
                          {"id": "asked", "format": "dc+sd-jwt", "multiple": null, "trusted_authorities": null, "claim_sets": null,
                           "meta": {"vct_values": ["urn:eudi:pid:1"], "doctype_value": null},
                           "claims": [{"id": null, "path": ["nationalities", null], "values": null}]}]}}""")
                .post("/identity/presentations")
                .then()
                .statusCode(201)
                .extract()
                .as(new TypeRef<>() {});
        TestVerification asked = fetched((String) created.get("id"), (String) created.get("authorization_request"));
        assertEquals(
                StrictJson.object(
                        """
                        {"credentials": [{"id": "asked", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:eudi:pid:1"]},
                          "claims": [{"path": ["nationalities", null]}]}]}"""),
                asked.request().get("dcql_query"));
    }

    @Test
    void a_holders_key_may_say_of_itself_as_little_or_as_much_as_it_likes() throws Exception {
        ECKey key = wallet.holder().key;
        ECKey little = new ECKey.Builder(key.getCurve(), key.getX(), key.getY()).build();
        ECKey much = new ECKey.Builder(little)
                .keyID("holder-1")
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(com.nimbusds.jose.JWSAlgorithm.ES256)
                .build();
        for (ECKey each : List.of(little, much)) {
            TestVerification asked = asked("dc+sd-jwt");
            taken(asked, answered(asked, bound(asked, wallet.pid(each, Map.of()))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dc+sd-jwt", "mso_mdoc"})
    void a_request_is_fetched_by_post_with_the_wallets_nonce_and_as_often_as_it_likes(String format) throws Exception {
        Map<String, Object> created = created(format, "x509_hash", "direct_post.jwt");
        String link = (String) created.get("authorization_request");
        SignedJWT posted = SignedJWT.parse(given().accept(REQUEST_OBJECT)
                .formParam("wallet_nonce", "qPmxiNFCR3QTm19POc8u")
                .post(TestWallet.path(TestWallet.query(link).get("request_uri")))
                .then()
                .statusCode(200)
                .contentType(REQUEST_OBJECT)
                .extract()
                .asString());
        assertEquals("qPmxiNFCR3QTm19POc8u", posted.getJWTClaimsSet().getStringClaim("wallet_nonce"));
        TestVerification asked = fetched((String) created.get("id"), link);
        assertFalse(asked.request().containsKey("wallet_nonce"));
        asked = fetched((String) created.get("id"), link);
        taken(asked, answered(asked, listed(asked, format, false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dc+sd-jwt", "mso_mdoc"})
    void a_credential_without_a_status_is_taken(String format) throws Exception {
        TestVerification asked = asked(format);
        taken(asked, answered(asked, shown(asked, format, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dc+sd-jwt", "mso_mdoc"})
    void a_revoked_credential_is_refused_by_its_issuers_list(String format) throws Exception {
        TestVerification asked = asked(format);
        StateWallet.Status status = wallet.inList(format.equals("mso_mdoc") ? "cwt" : "jwt", true);
        refused(asked, "status", answered(asked, shown(asked, format, wallet.claim(status))));
        assertTrue(host.accepted(status.path()).isPresent());
        // the request is still open for a better one
        taken(asked, answered(asked, listed(asked, format, false)));
    }

    @Test
    void a_document_on_an_identifier_list_is_refused() throws Exception {
        TestVerification asked = asked("mso_mdoc");
        refused(asked, "status", answered(asked, shown(asked, "mso_mdoc", wallet.onIdentifierList())));
        assertEquals(1, host.asked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct_post.jwt", "direct_post"})
    void a_document_that_was_signed_for_another_session_is_refused(String mode) throws Exception {
        TestVerification asked = asked("mso_mdoc", "x509_hash", mode);
        String other = wallet.shown(wallet.licence(null), asked, asked.nonce() + "x");
        refused(asked, "key_binding", answered(asked, other));
    }

    @Test
    void a_key_binding_is_the_holders_over_just_this_for_just_this_request_just_now() throws Exception {
        String pid = wallet.pid(wallet.holder().key.toPublicJWK(), Map.of());
        SDJWT shown = wallet.minimal(pid);
        SDJWT less = new SDJWT(shown.getCredentialJwt(), shown.getDisclosures().subList(0, 1));
        Instant now = Instant.now();
        Map<String, Binding> wrong = new LinkedHashMap<>();
        wrong.put("nonce", asked -> bind(shown, asked.clientId(), asked.nonce() + "x", now));
        wrong.put("audience", asked -> bind(shown, asked.clientId() + "/invalid", asked.nonce(), now));
        for (Map.Entry<String, Binding> each : wrong.entrySet()) {
            TestVerification asked = asked("dc+sd-jwt");
            refused(asked, each.getKey(), answered(asked, each.getValue().of(asked)));
        }
        for (Binding each : List.<Binding>of(
                asked -> bind(shown, asked.clientId(), asked.nonce(), now.minus(Duration.ofDays(365))),
                asked -> bind(shown, asked.clientId(), asked.nonce(), now.plus(Duration.ofDays(365))),
                // over other disclosures
                asked -> shown.toString()
                        + bind(less, asked.clientId(), asked.nonce(), now).replaceAll(".*~", ""),
                // by another key
                asked -> new TestWallet().bind(shown, asked.clientId(), asked.nonce(), now),
                // with a signature that was spoilt
                asked -> spoilt(bind(shown, asked.clientId(), asked.nonce(), now)))) {
            TestVerification asked = asked("dc+sd-jwt");
            refused(asked, "key_binding", answered(asked, each.of(asked)));
        }
    }

    private interface Binding {
        String of(TestVerification asked) throws Exception;
    }

    private String bind(SDJWT shown, String audience, String nonce, Instant at) {
        return wallet.holder().bind(shown, audience, nonce, at);
    }

    /** The last signature, with its first character changed. */
    private static String spoilt(String jwt) {
        int at = jwt.lastIndexOf('.') + 1;
        return jwt.substring(0, at) + (jwt.charAt(at) == 'A' ? 'B' : 'A') + jwt.substring(at + 1);
    }

    @Test
    void a_credential_whose_issuer_did_not_sign_it_is_refused() throws Exception {
        TestVerification asked = asked("dc+sd-jwt");
        String pid = wallet.pid(wallet.holder().key.toPublicJWK(), Map.of());
        int end = pid.indexOf('~');
        refused(asked, "signature", answered(asked, bound(asked, spoilt(pid.substring(0, end)) + pid.substring(end))));
    }
}
