package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.cbor.CborMap;
import city.madang.identity.cbor.CborReader;
import city.madang.identity.cbor.CoseSign1;
import city.madang.identity.cbor.Tagged;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.mdoc.SessionTranscripts;
import city.madang.identity.mdoc.TestMdocs;
import city.madang.kit.keys.Keyring;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.util.X509CertUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.CRLReason;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The certificates of mdocs, as others look at them: by the profiles of ISO/IEC 18013-5 annex B, field by field, and by the JDK's own
 * validation of paths with the published CRL.
 */
@QuarkusTest
class MdocPkiTest {

    private static final String KEY_USAGE = "2.5.29.15";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SUBJECT_KEY = "2.5.29.14";
    private static final String AUTHORITY_KEY = "2.5.29.35";
    private static final String DISTRIBUTION_POINTS = "2.5.29.31";

    /** B.1.1: policy mappings, name and policy constraints, inhibit any policy, freshest CRL. */
    private static final List<String> FORBIDDEN =
            List.of("2.5.29.33", "2.5.29.30", "2.5.29.36", "2.5.29.54", "2.5.29.46");

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final int URI_NAME = 6;

    @Inject
    Pool pool;

    @Inject
    Keyring keyring;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
    }

    private static X509Certificate iaca() {
        Response answer = given().get("/identity/iaca");
        answer.then().statusCode(200).contentType("application/x-pem-file");
        return X509CertUtils.parse(answer.asString());
    }

    private static X509Certificate certificate(String agency, String purpose) {
        List<String> x5c = TestIssuance.chain(agency, purpose);
        assertEquals(1, x5c.size(), "the leaf alone: the IACA comes next and is left out");
        return X509CertUtils.parse(Base64.getDecoder().decode(x5c.getFirst()));
    }

    private static String crlUri(X509Certificate certificate) throws Exception {
        DistributionPoint[] points = CRLDistPoint.getInstance(value(certificate.getExtensionValue(DISTRIBUTION_POINTS)))
                .getDistributionPoints();
        assertEquals(1, points.length);
        assertNull(points[0].getReasons());
        assertNull(points[0].getCRLIssuer());
        GeneralName name = GeneralNames.getInstance(
                        points[0].getDistributionPoint().getName())
                .getNames()[0];
        assertEquals(GeneralName.uniformResourceIdentifier, name.getTagNo());
        return name.getName().toString();
    }

    private static X509CRL crl(X509Certificate certificate) throws Exception {
        Response answer = given().get(TestWallet.path(crlUri(certificate)));
        answer.then()
                .statusCode(200)
                .contentType("application/pkix-crl")
                .header("Cache-Control", containsString("public"));
        return (X509CRL)
                CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(answer.asByteArray()));
    }

    private static byte[] value(byte[] extension) {
        return ASN1OctetString.getInstance(extension).getOctets();
    }

    private static byte[] keyIdentifier(X509Certificate certificate) {
        return ASN1OctetString.getInstance(value(certificate.getExtensionValue(SUBJECT_KEY)))
                .getOctets();
    }

    private static byte[] authority(byte[] extension) {
        AuthorityKeyIdentifier identifier = AuthorityKeyIdentifier.getInstance(value(extension));
        assertNull(identifier.getAuthorityCertIssuer());
        return identifier.getKeyIdentifierOctets();
    }

    private static Set<Integer> usages(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        assertNotNull(usage);
        Set<Integer> set = new java.util.HashSet<>();
        for (int bit = 0; bit < usage.length; bit++) {
            if (usage[bit]) {
                set.add(bit);
            }
        }
        return set;
    }

    private static String country(X509Certificate certificate) {
        var value = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
                .getRDNs(BCStyle.C)[0]
                .getFirst()
                .getValue();
        assertTrue(value instanceof ASN1PrintableString);
        return value.toString();
    }

    /** What tables B.1, B.3 and B.9 have in common. */
    private static void assertCommon(X509Certificate certificate, Duration longest) throws Exception {
        assertEquals(3, certificate.getVersion());
        BigInteger serial = certificate.getSerialNumber();
        assertEquals(1, serial.signum());
        assertTrue(serial.bitLength() >= 71 && serial.toByteArray().length <= 20);
        assertEquals("1.2.840.10045.4.3.2", certificate.getSigAlgOID());
        assertFalse(Duration.between(
                                certificate.getNotBefore().toInstant(),
                                certificate.getNotAfter().toInstant())
                        .compareTo(longest)
                > 0);
        certificate.checkValidity();
        assertTrue(country(certificate).matches("[A-Z]{2}"));
        assertEquals(
                1,
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
                        .getRDNs(BCStyle.CN)
                        .length);
        byte[] point = SubjectPublicKeyInfo.getInstance(
                        certificate.getPublicKey().getEncoded())
                .getPublicKeyData()
                .getBytes();
        assertEquals(4, point[0], "uncompressed");
        assertArrayEquals(MessageDigest.getInstance("SHA-1").digest(point), keyIdentifier(certificate));
        assertEquals(
                List.of(List.of(URI_NAME, TestWallet.ORIGIN)), List.copyOf(certificate.getIssuerAlternativeNames()));
        assertTrue(crlUri(certificate).startsWith(TestWallet.ISSUER + "/iaca/"));
        for (String forbidden : FORBIDDEN) {
            assertNull(certificate.getExtensionValue(forbidden));
        }
    }

    @Test
    void the_root_is_an_iaca_by_table_b_1() throws Exception {
        X509Certificate iaca = iaca();
        assertCommon(iaca, Duration.ofDays(20 * 365));
        assertArrayEquals(
                iaca.getSubjectX500Principal().getEncoded(),
                iaca.getIssuerX500Principal().getEncoded());
        iaca.verify(iaca.getPublicKey());
        assertEquals(Set.of(CERT_SIGN, CRL_SIGN), usages(iaca));
        assertEquals(0, iaca.getBasicConstraints(), "path length");
        assertEquals(Set.of(KEY_USAGE, BASIC_CONSTRAINTS), iaca.getCriticalExtensionOIDs());
        assertNull(iaca.getExtendedKeyUsage());
    }

    @Test
    void a_document_signer_is_by_table_b_3_and_a_signer_of_lists_by_table_b_9() throws Exception {
        X509Certificate iaca = iaca();
        for (String purpose : List.of("document-signer", "mdoc-status")) {
            X509Certificate leaf = certificate("transport", purpose);
            assertCommon(leaf, Duration.ofDays(457));
            assertArrayEquals(
                    iaca.getSubjectX500Principal().getEncoded(),
                    leaf.getIssuerX500Principal().getEncoded(),
                    "the same bytes");
            leaf.verify(iaca.getPublicKey());
            assertArrayEquals(keyIdentifier(iaca), authority(leaf.getExtensionValue(AUTHORITY_KEY)));
            assertEquals(country(iaca), country(leaf));
            assertEquals(Set.of(DIGITAL_SIGNATURE), usages(leaf));
            assertEquals(-1, leaf.getBasicConstraints());
            boolean signsDocuments = purpose.equals("document-signer");
            assertEquals(signsDocuments ? List.of("1.0.18013.5.1.2") : null, leaf.getExtendedKeyUsage());
            assertEquals(
                    signsDocuments ? Set.of(KEY_USAGE, EXTENDED_KEY_USAGE) : Set.of(KEY_USAGE),
                    leaf.getCriticalExtensionOIDs());
            assertTrue(leaf.getNotAfter().toInstant().isAfter(Instant.now().plus(Duration.ofDays(456))));
        }
        assertNotEquals(
                certificate("transport", "document-signer").getPublicKey(),
                certificate("city-hall", "document-signer").getPublicKey());
        assertNotEquals(
                certificate("transport", "document-signer").getPublicKey(),
                certificate("transport", "mdoc-status").getPublicKey());
    }

    private static void validate(X509Certificate leaf, X509CRL crl) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(iaca(), null)));
        parameters.setRevocationEnabled(true);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(crl))));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf)), parameters);
    }

    private static CertPathValidatorException refused(X509Certificate leaf, X509CRL crl) {
        return assertThrows(CertPathValidatorException.class, () -> validate(leaf, crl));
    }

    private static void revoke(TestAgency agency, X509Certificate leaf, String reason) throws Exception {
        String sha256 = java.util.HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded()));
        TestAgency.registrar()
                .body(Map.of("reason", reason))
                .post(agency.path("/certificates/" + sha256 + "/revocation"))
                .then()
                .statusCode(200);
    }

    /** The CRL once it says what it should, or as it is after five seconds. */
    private static X509CRL awaited(X509Certificate leaf, boolean listed) throws Exception {
        long start = System.nanoTime();
        X509CRL crl = crl(leaf);
        while (crl.isRevoked(leaf) != listed && System.nanoTime() - start < 5_000_000_000L) {
            Thread.sleep(100);
            crl = crl(leaf);
        }
        return crl;
    }

    @Test
    void a_document_signer_is_valid_until_it_is_revoked_and_the_crl_says_so_at_once() throws Exception {
        TestAgency agency = TestAgency.entered();
        X509Certificate leaf = certificate(agency.id, "document-signer");
        X509Certificate other = certificate("transport", "document-signer");
        X509CRL before = crl(leaf);
        validate(leaf, before);

        revoke(agency, leaf, "key_compromised");
        X509CRL after = awaited(leaf, true);
        CertPathValidatorException refused = refused(leaf, after);
        assertEquals(CertPathValidatorException.BasicReason.REVOKED, refused.getReason());
        assertEquals(CRLReason.KEY_COMPROMISE, after.getRevokedCertificate(leaf).getRevocationReason());
        validate(other, after);

        X509Certificate iaca = iaca();
        assertEquals(2, after.getVersion());
        after.verify(iaca.getPublicKey());
        assertEquals("1.2.840.10045.4.3.2", after.getSigAlgOID());
        assertArrayEquals(
                iaca.getSubjectX500Principal().getEncoded(),
                after.getIssuerX500Principal().getEncoded());
        assertArrayEquals(keyIdentifier(iaca), authority(after.getExtensionValue(AUTHORITY_KEY)));
        assertTrue(number(after).compareTo(number(before)) > 0);
        assertTrue(number(after).toByteArray().length <= 20);
        assertEquals(Set.of(), after.getCriticalExtensionOIDs());
        Duration life = Duration.between(
                after.getThisUpdate().toInstant(), after.getNextUpdate().toInstant());
        assertTrue(life.compareTo(Duration.ofDays(90)) <= 0 && life.toDays() >= 1, life.toString());
    }

    private static BigInteger number(X509CRL crl) {
        return ASN1Integer.getInstance(value(crl.getExtensionValue("2.5.29.20")))
                .getValue();
    }

    @Test
    void the_crl_is_the_same_for_all_until_something_changes() throws Exception {
        String path = TestWallet.path(crlUri(iaca()));
        Response first = given().get(path);
        Response second = given().get(path);
        if (first.header("ETag").equals(second.header("ETag"))) {
            assertArrayEquals(first.asByteArray(), second.asByteArray());
            given().header("If-None-Match", second.header("ETag"))
                    .get(path)
                    .then()
                    .statusCode(304);
        }
        given().get("/identity/iaca/9/crl").then().statusCode(404).contentType("application/problem+json");
        given().get("/identity/iaca/x/crl").then().statusCode(404);
    }

    @Test
    void certificates_of_a_revoked_agency_are_on_hold_until_it_is_reinstated() throws Exception {
        TestAgency agency = TestAgency.entered();
        X509Certificate leaf = certificate(agency.id, "document-signer");
        standing(agency, "revocation", "under_review");
        X509CRL held = awaited(leaf, true);
        refused(leaf, held);
        assertEquals(
                CRLReason.CERTIFICATE_HOLD, held.getRevokedCertificate(leaf).getRevocationReason());
        standing(agency, "reinstatement", "resolved");
        validate(leaf, awaited(leaf, false));
    }

    private static void standing(TestAgency agency, String what, String reason) {
        TestAgency.registrar()
                .body(Map.of("reason", reason))
                .post(agency.path("/standing/" + what))
                .then()
                .statusCode(200);
    }

    /** Declares an mdoc of the agency, and gives its id. */
    private static String declare(TestAgency agency, int validityDays) {
        String id = agency.id + "-" + UUID.randomUUID().toString().substring(0, 4);
        Map<String, Object> declaration = TestTypes.mdoc(id);
        declaration.put("validity_days", validityDays);
        agency.acts()
                .body(declaration)
                .put("/identity/credential-types/" + id)
                .then()
                .statusCode(200);
        return id;
    }

    private static byte[] receive(TestAgency agency, String type, TestWallet wallet) {
        String offer = agency.acts()
                .body(Map.of(
                        "credential_configuration_id",
                        type,
                        "holder",
                        city.madang.devstack.testing.TestTokens.subject("minji"),
                        "claims",
                        Map.of("city.madang.test." + type, Map.of("name", "민지", "since", "2020-02-29"))))
                .post("/identity/credential-offers")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        return Base64.getUrlDecoder().decode(wallet.receive(TestAgency.seen(offer)));
    }

    private static CborMap mso(byte[] issuerSigned) throws Exception {
        CoseSign1 auth = CoseSign1.of(CborMap.read(issuerSigned, "it").get("issuerAuth"), "it");
        return CborMap.read((byte[]) ((Tagged) CborReader.read(auth.payload())).content(), "the MSO");
    }

    private static List<byte[]> chain(byte[] issuerSigned) throws Exception {
        return CoseSign1.of(CborMap.read(issuerSigned, "it").get("issuerAuth"), "it")
                .x5chain();
    }

    private static Instant until(byte[] issuerSigned) throws Exception {
        Tagged time = (Tagged) mso(issuerSigned).map("validityInfo").get("validUntil");
        return OffsetDateTime.parse((String) time.content()).toInstant();
    }

    @Test
    void an_mdoc_comes_with_its_document_signer_and_never_outlasts_it() throws Exception {
        TestAgency agency = TestAgency.onboarded();
        X509Certificate signer = certificate(agency.id, "document-signer");
        byte[] year = receive(agency, declare(agency, 365), new TestWallet());
        assertEquals(1, chain(year).size());
        assertArrayEquals(signer.getEncoded(), chain(year).getFirst());
        validate(signer, crl(signer));
        Instant today = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.DAYS);
        assertEquals(today.plus(Duration.ofDays(366)), until(year), "a year is never cut short");
        byte[] longer = receive(agency, declare(agency, 1000), new TestWallet());
        assertFalse(until(longer).isAfter(signer.getNotAfter().toInstant()));
        assertTrue(until(longer).isAfter(today.plus(Duration.ofDays(450))));
    }

    @Test
    void the_list_of_an_mdoc_leads_to_the_same_iaca_as_cwt_and_to_the_citys_root_as_jwt() throws Exception {
        TestAgency agency = TestAgency.onboarded();
        byte[] card = receive(agency, declare(agency, 30), new TestWallet());
        String uri = mso(card).map("status").map("status_list").text("uri");
        byte[] cwt = given().accept("application/statuslist+cwt")
                .get(TestWallet.path(uri))
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        CoseSign1 list = CoseSign1.of(((Tagged) CborReader.read(cwt)).content(), "the list");
        X509Certificate signer = certificate(agency.id, "mdoc-status");
        assertEquals(1, list.x5chain().size());
        assertArrayEquals(signer.getEncoded(), list.x5chain().getFirst());
        assertTrue(list.isSignedBy((ECPublicKey) signer.getPublicKey()));
        validate(signer, crl(signer));
        String jwt = given().accept("application/statuslist+jwt")
                .get(TestWallet.path(uri))
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertEquals(
                TestIssuance.chain(agency.id, "credential-issuer"),
                com.nimbusds.jwt.SignedJWT.parse(jwt).getHeader().getX509CertChain().stream()
                        .map(Object::toString)
                        .toList());
    }

    private static Map<String, Object> asking(String type) {
        String doctype = "city.madang.test." + type;
        return Map.of(
                "credentials",
                List.of(Map.of(
                        "id",
                        "residency",
                        "format",
                        "mso_mdoc",
                        "meta",
                        Map.of("doctype_value", doctype),
                        "claims",
                        List.of(Map.of("path", List.of(doctype, "name"))))));
    }

    private static Response shown(TestVerification asked, String doctype, byte[] card, TestWallet wallet)
            throws Exception {
        byte[] transcript = SessionTranscripts.openId4Vp(
                asked.clientId(),
                asked.nonce(),
                asked.encryptionKey().computeThumbprint().decode(),
                (String) asked.request().get("response_uri"));
        Map<String, Set<String>> shown = new HashMap<>();
        shown.put(doctype, Set.of(doctype.equals(TestIssuance.DOCTYPE) ? "district" : "name"));
        String presented = Base64Url.encode(TestMdocs.present(card, shown, transcript, wallet.key.toECPrivateKey()));
        return asked.send(TestVerification.encrypted(
                Map.of(
                        "vp_token",
                        Map.of("residency", List.of(presented)),
                        "state",
                        asked.request().get("state")),
                asked.encryptionKey(),
                EncryptionMethod.A128GCM));
    }

    @Test
    void an_mdoc_is_taken_until_its_document_signer_is_revoked_and_after_a_rotation_new_ones_are() throws Exception {
        TestAgency agency = TestAgency.onboarded();
        String type = declare(agency, 30);
        TestWallet wallet = new TestWallet();
        byte[] old = receive(agency, type, wallet);
        X509Certificate leaked = certificate(agency.id, "document-signer");
        String doctype = "city.madang.test." + type;
        shown(agency.asks(asking(type)), doctype, old, wallet).then().statusCode(200);

        agency.rotate("document-signer", agency.kid("document-signer")).then().statusCode(200);
        shown(agency.asks(asking(type)), doctype, old, wallet).then().statusCode(200);
        byte[] fresh = receive(agency, type, wallet);
        assertArrayEquals(
                certificate(agency.id, "document-signer").getEncoded(),
                chain(fresh).getFirst());
        revoke(agency, leaked, "key_compromised");
        TestVerification asked = agency.asks(asking(type));
        shown(asked, doctype, old, wallet)
                .then()
                .statusCode(400)
                .body("error_description", containsString("may not issue"));
        shown(asked, doctype, fresh, wallet).then().statusCode(200);

        // revoked while in use: nothing is signed until it is rotated
        revoke(agency, certificate(agency.id, "document-signer"), "key_compromised");
        String offer = agency.acts()
                .body(Map.of(
                        "credential_configuration_id",
                        type,
                        "holder",
                        city.madang.devstack.testing.TestTokens.subject("minji"),
                        "claims",
                        Map.of(doctype, Map.of("name", "민지"))))
                .post("/identity/credential-offers")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        Map<String, Object> seen = TestAgency.seen(offer);
        String token = TestWallet.token(TestWallet.code(TestWallet.fetchOffer(seen)), (String) seen.get("tx_code"))
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        TestWallet.credential(token, type, wallet.proof(TestWallet.nonce()))
                .then()
                .statusCode(400)
                .body("error", equalTo("credential_request_denied"));
    }

    private static final Map<String, Object> DISTRICT = Map.of(
            "credentials",
            List.of(Map.of(
                    "id",
                    "residency",
                    "format",
                    "mso_mdoc",
                    "meta",
                    Map.of("doctype_value", TestIssuance.DOCTYPE),
                    "claims",
                    List.of(Map.of("path", List.of(TestIssuance.DOCTYPE, "district"))))));

    @Test
    void neither_key_does_the_others_work() throws Exception {
        TestWallet wallet = new TestWallet();
        TestIssuance issuance = new TestIssuance(keyring, wallet);
        TestVerification mdoc = TestVerification.asked("transport", DISTRICT);
        for (String purpose : List.of("credential-issuer", "mdoc-status", "verifier")) {
            shown(mdoc, TestIssuance.DOCTYPE, issuance.card(purpose), wallet)
                    .then()
                    .statusCode(400)
                    .body(
                            "error_description",
                            containsString(purpose.equals("mdoc-status") ? "trust anchor" : "may not issue"));
        }
        shown(mdoc, TestIssuance.DOCTYPE, issuance.card("document-signer"), wallet)
                .then()
                .statusCode(200);
        TestVerification sdJwt = TestVerification.asked("transport", TestVerification.dcql(List.of("district")));
        for (String purpose : List.of("document-signer", "mdoc-status")) {
            String signed = issuance.residency(purpose, Map.of(), Map.of());
            sdJwt.answer(wallet.present(signed, Set.of("district"), sdJwt.clientId(), sdJwt.nonce()))
                    .then()
                    .statusCode(400)
                    .body("error_description", containsString("trust anchor"));
        }
        String right = issuance.residency(Map.of(), Map.of());
        sdJwt.answer(wallet.present(right, Set.of("district"), sdJwt.clientId(), sdJwt.nonce()))
                .then()
                .statusCode(200);
    }

    /** A city that is older than its IACA: an issuer's certificate from before signed mdocs too. */
    @Test
    void mdocs_from_before_the_iaca_are_taken_until_their_certificate_ends() throws Exception {
        TestWallet wallet = new TestWallet();
        byte[] old = new TestIssuance(keyring, wallet).card("credential-issuer");
        shown(TestVerification.asked("transport", DISTRICT), TestIssuance.DOCTYPE, old, wallet)
                .then()
                .statusCode(400);
        issued("city-hall", Duration.ofDays(-400));
        try {
            TestVerification asked = TestVerification.asked("transport", DISTRICT);
            long start = System.nanoTime();
            int status = shown(asked, TestIssuance.DOCTYPE, old, wallet).statusCode();
            // what the registry says is remembered for two seconds
            while (status != 200 && System.nanoTime() - start < 5_000_000_000L) {
                Thread.sleep(200);
                status = shown(asked, TestIssuance.DOCTYPE, old, wallet).statusCode();
            }
            assertEquals(200, status);
        } finally {
            issued("city-hall", Duration.ofDays(400));
        }
    }

    private void issued(String agency, Duration moved) {
        pool.preparedQuery("update agency_certificate set issued = issued + make_interval(days => $2)"
                        + " where agency = $1 and purpose = 'credential-issuer'")
                .execute(Tuple.of(agency, (int) moved.toDays()))
                .await()
                .indefinitely();
    }

    @Test
    void an_agency_may_bring_a_document_signers_key_of_its_own() throws Exception {
        TestAgency agency = TestAgency.entered();
        KeyPair pair = TestAgency.pair("secp256r1");
        String csr = TestAgency.csr(pair, pair);
        List<String> x5c = agency.certify("document-signer", csr)
                .then()
                .statusCode(200)
                .body("key_holder", equalTo("other"))
                .extract()
                .path("x5c");
        X509Certificate leaf = X509CertUtils.parse(Base64.getDecoder().decode(x5c.getFirst()));
        assertEquals(List.of("1.0.18013.5.1.2"), leaf.getExtendedKeyUsage());
        assertArrayEquals(pair.getPublic().getEncoded(), leaf.getPublicKey().getEncoded());
        validate(leaf, crl(leaf));
        agency.certify("credential-issuer", csr).then().statusCode(409);
        agency.certify("mdoc-status", csr).then().statusCode(409);
    }

    @Test
    void the_trust_list_names_the_iaca_and_who_may_issue_which_mdoc() throws Exception {
        Map<String, Object> list = com.nimbusds.jose.JWSObject.parse(
                        given().get("/identity/trust-list").asString())
                .getPayload()
                .toJSONObject();
        var path = new io.restassured.path.json.JsonPath(com.nimbusds.jose.util.JSONObjectUtils.toJSONString(list));
        String services =
                "LoTE.TrustedEntitiesList.find { it.TrustedEntityInformation.TETradeName[0].value == 'city-hall' }"
                        + ".TrustedEntityServices.ServiceInformation";
        assertEquals(
                List.of(Base64.getEncoder().encodeToString(iaca().getEncoded())),
                path.getList(services + ".find { it.ServiceTypeIdentifier == 'urn:madang:trust-list:service:iaca' }"
                        + ".ServiceDigitalIdentity.X509Certificates.val"));
        String mdocs = services + ".find { it.ServiceTypeIdentifier.endsWith('PubEAA/Issuance') && "
                + "it.ServiceInformationExtensions[0].provides_attestations.format.contains('mso_mdoc') }";
        List<String> signers = path.getList(mdocs + ".ServiceDigitalIdentity.X509Certificates.val");
        assertTrue(signers.contains(
                TestIssuance.chain("city-hall", "document-signer").getFirst()));
        assertFalse(signers.contains(
                TestIssuance.chain("city-hall", "credential-issuer").getFirst()));
        assertTrue(path.getList(mdocs + ".ServiceInformationExtensions[0].provides_attestations.meta.doctype_value")
                .contains(TestIssuance.DOCTYPE));
        assertEquals(
                Set.of("mso_mdoc"),
                Set.copyOf(path.getList(mdocs + ".ServiceInformationExtensions[0].provides_attestations.format")));
    }
}
