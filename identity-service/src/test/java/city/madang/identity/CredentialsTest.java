package city.madang.identity;

import static city.madang.identity.WalletSession.keys;
import static city.madang.identity.WalletSession.proofs;
import static city.madang.identity.WalletSession.refused;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.cbor.CborReader;
import city.madang.identity.cbor.Tagged;
import com.authlete.sd.Disclosure;
import com.authlete.sd.SDJWT;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes out of an issuance, and what the wallet tells of it (OpenID4VCI 1.0 clauses 8 and 11, HAIP 1.0 clause 6). */
@QuarkusTest
class CredentialsTest {

    private static final String NOTIFICATION = "/identity/notification";

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
    }

    private static List<String> credentials(Response issued) {
        return issued.then().statusCode(200).extract().path("credentials.credential");
    }

    @Test
    void copies_of_a_batch_differ_in_key_salts_and_place_and_in_nothing_else() throws Exception {
        String type = TestTypes.declare("batch", false, "batch_size", 5);
        List<ECKey> keys = keys(5);
        List<String> credentials =
                credentials(WalletSession.redeem(TestTypes.offer(type)).jwt(type, proofs(TestWallet.nonce(), keys)));
        assertEquals(5, credentials.size());
        Set<Object> bound = new HashSet<>();
        Set<Object> salts = new HashSet<>();
        Set<Object> places = new HashSet<>();
        Set<Object> rest = new HashSet<>();
        Set<Object> data = new HashSet<>();
        for (String credential : credentials) {
            SDJWT sdJwt = SDJWT.parse(credential);
            var claims = new LinkedHashMap<>(
                    SignedJWT.parse(sdJwt.getCredentialJwt()).getJWTClaimsSet().toJSONObject());
            bound.add(((Map<?, ?>) ((Map<?, ?>) claims.remove("cnf")).get("jwk")).get("x"));
            places.add(claims.remove("status"));
            claims.remove("_sd");
            rest.add(claims);
            Map<Object, Object> disclosed = new LinkedHashMap<>();
            for (Disclosure disclosure : sdJwt.getDisclosures()) {
                salts.add(disclosure.getSalt());
                disclosed.put(disclosure.getClaimName(), disclosure.getClaimValue());
            }
            data.add(disclosed);
            // HAIP 1.0 §6.1.1: times are of the day or of the certificate, so that they link nothing
            CertificateTimes.assertIssuedLikeOthers(credential);
            assertEquals(0, ((Number) claims.get("exp")).longValue() % 86_400);
        }
        Set<Object> proven = new HashSet<>();
        keys.forEach(key -> proven.add(key.getX().toString()));
        assertEquals(proven, bound);
        assertEquals(5, places.size());
        assertEquals(10, salts.size());
        assertEquals(1, rest.size());
        assertEquals(Set.of(Map.of("name", "민지", "since", "2020-02-29")), data);
    }

    @Test
    void more_keys_than_a_type_has_copies_get_as_many_credentials_as_it_has() {
        String type = TestTypes.declare("small", false, "batch_size", 2);
        WalletSession.redeem(TestTypes.offer(type))
                .jwt(type, proofs(TestWallet.nonce(), keys(4)))
                .then()
                .statusCode(200)
                .body("credentials", hasSize(2));
    }

    @Test
    void an_mdoc_is_signed_bound_and_hides_what_is_not_shown() throws Exception {
        String type = TestTypes.declare("mdoc", true);
        ECKey key = TestWallet.newKey();
        String credential = credentials(WalletSession.redeem(TestTypes.offer(type))
                        .jwt(type, new TestWallet(key).proof(TestWallet.nonce())))
                .getFirst();
        assertFalse(credential.contains("="), "base64url without padding");
        Map<?, ?> signed = (Map<?, ?>) CborReader.read(Base64.getUrlDecoder().decode(credential));
        String nameSpace = "city.madang.test." + type;

        List<?> sign1 = (List<?>) signed.get("issuerAuth");
        Map<?, ?> protectedHeader = (Map<?, ?>) CborReader.read((byte[]) sign1.get(0));
        assertEquals(-7L, ((Number) protectedHeader.get(1L)).longValue());
        Object x5chain = ((Map<?, ?>) sign1.get(1)).get(33L);
        byte[] leaf = (byte[]) (x5chain instanceof List<?> list ? list.getFirst() : x5chain);
        var certificate = X509CertUtils.parse(leaf);
        assertFalse(
                certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()), "not self-signed");
        assertTrue(isSigned(sign1, (ECPublicKey) certificate.getPublicKey()));

        byte[] mso = (byte[]) ((Tagged) CborReader.read((byte[]) sign1.get(2))).content();
        Map<?, ?> security = (Map<?, ?>) CborReader.read(mso);
        assertEquals("1.0", security.get("version"));
        assertEquals("SHA-256", security.get("digestAlgorithm"));
        assertEquals(nameSpace, security.get("docType"));
        Map<?, ?> device = (Map<?, ?>) ((Map<?, ?>) security.get("deviceKeyInfo")).get("deviceKey");
        assertArrayEquals(key.getX().decode(), (byte[]) device.get(-2L));
        assertArrayEquals(key.getY().decode(), (byte[]) device.get(-3L));
        Map<?, ?> statusList = (Map<?, ?>) ((Map<?, ?>) security.get("status")).get("status_list");
        assertTrue(String.valueOf(statusList.get("uri")).startsWith(TestWallet.ISSUER + "/status-lists/"));
        Map<?, ?> validity = (Map<?, ?>) security.get("validityInfo");
        Instant from = instant(validity.get("validFrom"));
        assertFalse(from.isBefore(certificate.getNotBefore().toInstant()), "not before its certificate");
        assertTrue(instant(validity.get("validUntil")).isAfter(Instant.now().plusSeconds(29 * 86_400)));

        List<?> items = (List<?>) ((Map<?, ?>) signed.get("nameSpaces")).get(nameSpace);
        Map<?, ?> digests = (Map<?, ?>) ((Map<?, ?>) security.get("valueDigests")).get(nameSpace);
        Map<Object, Object> values = new LinkedHashMap<>();
        for (Object item : items) {
            byte[] content = (byte[]) ((Tagged) item).content();
            Map<?, ?> element = (Map<?, ?>) CborReader.read(content);
            assertTrue(((byte[]) element.get("random")).length >= 16);
            values.put(element.get("elementIdentifier"), element.get("elementValue"));
            assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(tagged24(content)), (byte[])
                    digests.get(element.get("digestID")));
        }
        assertEquals("민지", values.get("name"));
        assertEquals("2020-02-29", ((Tagged) values.get("since")).content());
        assertEquals(1004L, ((Tagged) values.get("since")).number(), "a full-date");
    }

    private static Instant instant(Object tdate) {
        return OffsetDateTime.parse((String) ((Tagged) tdate).content()).toInstant();
    }

    /** A byte string, definite and short (RFC 8949 §3.1). */
    private static byte[] bstr(byte[] content) {
        byte[] head = content.length < 24
                ? new byte[] {(byte) (0x40 + content.length)}
                : content.length < 256
                        ? new byte[] {0x58, (byte) content.length}
                        : new byte[] {0x59, (byte) (content.length >> 8), (byte) content.length};
        return joined(head, content);
    }

    /** Tag 24 around a byte string, as the digest is computed of it (ISO 18013-5 §9.1.2.5). */
    private static byte[] tagged24(byte[] content) {
        return joined(new byte[] {(byte) 0xd8, 24}, bstr(content));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** RFC 9052 §4.4. */
    private static boolean isSigned(List<?> sign1, ECPublicKey key) throws Exception {
        byte[] structure = joined(
                new byte[] {(byte) 0x84, 0x6a},
                "Signature1".getBytes(StandardCharsets.US_ASCII),
                bstr((byte[]) sign1.get(0)),
                new byte[] {0x40},
                bstr((byte[]) sign1.get(2)));
        Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(key);
        verifier.update(structure);
        return verifier.verify((byte[]) sign1.get(3));
    }

    @Test
    void who_signs_in_gets_the_credential_of_the_sign_in_in_both_formats() throws Exception {
        String sdJwt = credentials(WalletSession.signIn("minji", "citizen")
                        .jwt("citizen", new TestWallet().proof(TestWallet.nonce())))
                .getFirst();
        SignedJWT jwt = SignedJWT.parse(SDJWT.parse(sdJwt).getCredentialJwt());
        var leaf = X509CertUtils.parse(
                jwt.getHeader().getX509CertChain().getFirst().decode());
        assertTrue(jwt.verify(new ECDSAVerifier((ECPublicKey) leaf.getPublicKey())));
        // SD-JWT VC of earlier drafts: iss is a name of the certificate
        assertTrue(leaf.getSubjectAlternativeNames().stream().anyMatch(name -> name.contains(TestWallet.ISSUER)));
        assertFalse(jwt.getHeader().toJSONObject().containsKey("kid"));
        String mdoc = credentials(WalletSession.signIn("minji", "citizen-mdoc")
                        .jwt("citizen-mdoc", new TestWallet().proof(TestWallet.nonce())))
                .getFirst();
        assertTrue(Base64.getUrlDecoder().decode(mdoc).length > 500);
    }

    @Test
    void the_type_metadata_holds_what_the_credential_says_of_it() throws Exception {
        String type = TestTypes.declare("typed", false);
        String credential = credentials(WalletSession.redeem(TestTypes.offer(type))
                        .jwt(type, new TestWallet().proof(TestWallet.nonce())))
                .getFirst();
        var claims = SignedJWT.parse(SDJWT.parse(credential).getCredentialJwt()).getJWTClaimsSet();
        String vct = claims.getStringClaim("vct");
        byte[] document = RestAssured.given()
                .get(URI.create(vct).getPath())
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("vct", equalTo(vct))
                .body("claims.find { it.path == ['name'] }.mandatory", equalTo(true))
                .body("claims.find { it.path == ['name'] }.sd", equalTo("always"))
                .body("display.locale", equalTo(List.of("ko", "en-GB")))
                .extract()
                .asByteArray();
        assertEquals(
                "sha256-"
                        + Base64.getEncoder()
                                .encodeToString(
                                        MessageDigest.getInstance("SHA-256").digest(document)),
                claims.getStringClaim("vct#integrity"));
    }

    private static Response notify(WalletSession session, Object id, Object event) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("notification_id", id);
        body.put("event", event);
        body.put("event_description", "said by a wallet");
        return session.post(NOTIFICATION, body);
    }

    @Test
    void a_wallet_tells_what_became_of_it_as_often_as_it_likes() {
        WalletSession session = WalletSession.redeem(TestWallet.residencyOffer());
        String id = session.jwt("residency", new TestWallet().proof(TestWallet.nonce()))
                .then()
                .statusCode(200)
                .extract()
                .path("notification_id");
        for (int i = 0; i < 2; i++) {
            notify(session, id, "credential_accepted").then().statusCode(204);
        }
        refused(notify(session, id, "credential_lost"), 400, "invalid_notification_request");
        refused(notify(session, id, 7), 400, "invalid_notification_request");
        refused(notify(session, 7, "credential_accepted"), 400, "invalid_notification_request");
        refused(session.post(NOTIFICATION, "[]"), 400, "invalid_notification_request");
        refused(session.post(NOTIFICATION, Map.of("notification_id", id)), 400, "invalid_notification_request");
        // another's is as unknown as none
        WalletSession other = WalletSession.redeem(TestWallet.residencyOffer());
        Response foreign = notify(other, id, "credential_deleted");
        refused(foreign, 400, "invalid_notification_id");
        for (String absent :
                List.of(UUID.randomUUID().toString(), "x", id.toUpperCase(java.util.Locale.ROOT), "1-1-1-1-1")) {
            Response none = notify(other, absent, "credential_deleted");
            refused(none, 400, "invalid_notification_id");
            assertEquals(none.asString(), foreign.asString());
        }
        notify(new WalletSession("unknown", null), id, "credential_accepted")
                .then()
                .statusCode(401);
    }

    @Test
    void an_offer_that_was_accepted_is_given_again_to_the_same_keys_and_to_no_other() {
        WalletSession session = WalletSession.redeem(TestWallet.residencyOffer());
        List<ECKey> keys = keys(2);
        Response first = session.jwt("residency", proofs(TestWallet.nonce(), keys));
        List<String> credentials = credentials(first);
        notify(session, first.path("notification_id"), "credential_accepted")
                .then()
                .statusCode(204);
        assertEquals(credentials, credentials(session.jwt("residency", proofs(TestWallet.nonce(), keys))));
        refused(session.jwt("residency", new TestWallet().proof(TestWallet.nonce())), 400, "credential_request_denied");
        notify(session, first.path("notification_id"), "credential_deleted")
                .then()
                .statusCode(204);
        refused(session.jwt("residency", proofs(TestWallet.nonce(), keys)), 400, "credential_request_denied");
    }

    @Test
    void ids_and_codes_cannot_be_guessed() {
        Set<String> all = new HashSet<>();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Map<String, Object> offer = TestWallet.residencyOffer();
            WalletSession session = WalletSession.redeem(offer);
            ids.add((String) offer.get("id"));
            ids.add(session.jwt("residency", new TestWallet().proof(TestWallet.nonce()))
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("notification_id"));
            assertTrue(session.token.matches("[A-Za-z0-9_-]{43}"), "256 bits");
            all.add(session.token);
        }
        for (String id : ids) {
            // random, or a keyed hash of what was asked for
            assertTrue(Set.of(4, 8).contains(UUID.fromString(id).version()), id);
        }
        all.addAll(ids);
        assertEquals(24, all.size());
        // an offer that is over answers as one that never was
        String over =
                RestAssured.given().get("/identity/offer/" + ids.getFirst()).asString();
        String never =
                RestAssured.given().get("/identity/offer/" + UUID.randomUUID()).asString();
        assertEquals(never, over);
    }
}
