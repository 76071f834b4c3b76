package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Only wallets that a trusted provider vouches for let a citizen sign in (HAIP 1.0 §4.4.1). */
@QuarkusTest
class WalletAttestationTest {

    private final HaipWallet wallet = new HaipWallet();

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
    }

    private Response push(String attestation, String proof) {
        return given().header("OAuth-Client-Attestation", attestation)
                .header("OAuth-Client-Attestation-PoP", proof)
                .formParams(wallet.request())
                .post("/identity/par");
    }

    private void refused(String attestation, String proof, String what) {
        Response response = push(attestation, proof);
        assertEquals("invalid_client", response.path("error"), what + ": " + response.asString());
        assertEquals(401, response.statusCode());
    }

    @Test
    void an_attested_wallet_is_served() {
        push(wallet.attestation(), wallet.attestationProof())
                .then()
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .header("OAuth-Client-Attestation-Challenge", notNullValue())
                .body("request_uri", notNullValue())
                .body("expires_in", equalTo(60));
    }

    @Test
    void a_wallet_without_attestation_is_not() {
        for (Response response : List.of(
                given().formParams(wallet.request()).post("/identity/par"),
                given().header("OAuth-Client-Attestation", wallet.attestation())
                        .formParams(wallet.request())
                        .post("/identity/par"),
                given().header("OAuth-Client-Attestation-PoP", wallet.attestationProof())
                        .formParams(wallet.request())
                        .post("/identity/par"),
                given().header("OAuth-Client-Attestation", wallet.attestation())
                        .header("OAuth-Client-Attestation", wallet.attestation())
                        .header("OAuth-Client-Attestation-PoP", wallet.attestationProof())
                        .formParams(wallet.request())
                        .post("/identity/par"),
                given().formParam("grant_type", "authorization_code")
                        .formParam("code", "x")
                        .post("/identity/token"))) {
            response.then().statusCode(401).body("error", equalTo("invalid_client"));
        }
    }

    @Test
    void the_server_names_the_challenge_that_it_wants() {
        for (String challenge : new String[] {null, "made-up", HaipWallet.dpopNonce()}) {
            Response response = push(
                    wallet.attestation(),
                    wallet.attestationProof(null, claims -> claims.claim("challenge", challenge)));
            response.then()
                    .statusCode(400)
                    .body("error", equalTo("use_attestation_challenge"))
                    .header("OAuth-Client-Attestation-Challenge", notNullValue());
            String wanted = response.header("OAuth-Client-Attestation-Challenge");
            push(wallet.attestation(), wallet.attestationProof(wanted, claims -> {}))
                    .then()
                    .statusCode(201);
        }
    }

    @Test
    void attestations_that_are_not_right_are_refused() throws Exception {
        String good = wallet.attestation();
        Date soon = Date.from(Instant.now().plusSeconds(600));
        Date past = Date.from(Instant.now().minusSeconds(1));
        refused(wallet.attestation(c -> c.expirationTime(past)), wallet.attestationProof(), "expired");
        refused(wallet.attestation(c -> c.expirationTime(null)), wallet.attestationProof(), "without exp");
        refused(wallet.attestation(c -> c.notBeforeTime(soon)), wallet.attestationProof(), "not yet valid");
        refused(wallet.attestation(c -> c.issueTime(soon)), wallet.attestationProof(), "from the future");
        refused(wallet.attestation(c -> c.subject(null)), wallet.attestationProof(), "without sub");
        refused(
                wallet.attestation(c -> c.subject("https://other.example")),
                wallet.attestationProof(),
                "another client");
        refused(wallet.attestation(c -> c.issuer(null)), wallet.attestationProof(), "without iss");
        refused(wallet.attestation(c -> c.claim("cnf", null)), wallet.attestationProof(), "without cnf");
        refused(
                wallet.attestation(c -> c.claim(
                        "cnf", Map.of("jwk", TestWallet.newKey().toPublicJWK().toJSONObject()))),
                wallet.attestationProof(),
                "of another key");

        String[] parts = good.split("\\.");
        String header = "{\"alg\":\"none\",\"typ\":\"oauth-client-attestation+jwt\",\"x5c\":"
                + SignedJWT.parse(good)
                        .getHeader()
                        .toJSONObject()
                        .get("x5c")
                        .toString()
                        .replace("[", "[\"")
                        .replace("]", "\"]")
                + "}";
        refused(Base64URL.encode(header) + "." + parts[1] + ".", wallet.attestationProof(), "alg none");
        SignedJWT mac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("oauth-client-attestation+jwt"))
                        .x509CertChain(wallet.provider.chain())
                        .build(),
                SignedJWT.parse(good).getJWTClaimsSet());
        mac.sign(new MACSigner(wallet.provider.key().toECPublicKey().getEncoded()));
        refused(mac.serialize(), wallet.attestationProof(), "HS256 with the public key");
        refused(
                HaipWallet.sign(
                        wallet.provider.key(),
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .type(JOSEObjectType.JWT)
                                .x509CertChain(wallet.provider.chain())
                                .build(),
                        SignedJWT.parse(good).getJWTClaimsSet()),
                wallet.attestationProof(),
                "another typ");
        refused(
                HaipWallet.sign(
                        TestWallet.newKey(),
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .type(new JOSEObjectType("oauth-client-attestation+jwt"))
                                .x509CertChain(wallet.provider.chain())
                                .build(),
                        SignedJWT.parse(good).getJWTClaimsSet()),
                wallet.attestationProof(),
                "signed by another key");
        push(good, wallet.attestationProof()).then().statusCode(201);
    }

    @Test
    void proofs_of_the_attested_key_that_are_not_right_are_refused() {
        String good = wallet.attestation();
        String challenge = HaipWallet.challenge();
        refused(good, wallet.attestationProof(challenge, c -> c.audience("https://elsewhere.example")), "aud");
        refused(
                good,
                wallet.attestationProof(
                        challenge, c -> c.audience(List.of(TestWallet.ISSUER, "https://other.example"))),
                "two aud");
        refused(good, wallet.attestationProof(challenge, c -> c.audience((String) null)), "without aud");
        refused(good, wallet.attestationProof(challenge, c -> c.issuer("https://other.example")), "iss");
        refused(good, wallet.attestationProof(challenge, c -> c.issuer(null)), "without iss");
        refused(good, wallet.attestationProof(challenge, c -> c.jwtID(null)), "without jti");
        refused(good, wallet.attestationProof(challenge, c -> c.issueTime(null)), "without iat");
        refused(
                good,
                wallet.attestationProof(
                        challenge, c -> c.issueTime(Date.from(Instant.now().plusSeconds(600)))),
                "from the future");
        refused(
                good,
                wallet.attestationProof(
                        challenge, c -> c.issueTime(Date.from(Instant.now().minusSeconds(3600)))),
                "old");
        refused(good, new HaipWallet().attestationProof(challenge, c -> {}), "of another instance");
        push(good, wallet.attestationProof(challenge, c -> {})).then().statusCode(201);
    }

    /** As wallets do that prepare a request once, and make its DPoP proof anew when they are told a nonce (RFC 9449 §8). */
    @Test
    void a_wallet_that_has_to_put_a_nonce_into_one_proof_sends_the_other_again() {
        String attestation = wallet.attestation();
        for (String path : List.of("/identity/par", "/identity/token")) {
            Map<String, String> form = path.endsWith("par") ? wallet.request() : wallet.exchange(wallet.code("minji"));
            String proof = wallet.attestationProof();
            Response told = send(attestation, proof, path, form, null);
            told.then().statusCode(400).body("error", equalTo("use_dpop_nonce"));
            String nonce = told.header("DPoP-Nonce");
            send(attestation, proof, path, form, nonce).then().statusCode(path.endsWith("par") ? 201 : 200);
            // and no more: it is used up now
            send(attestation, proof, path, form, nonce).then().statusCode(401).body("error", equalTo("invalid_client"));
        }
    }

    private Response send(String attestation, String proof, String path, Map<String, String> form, String dpopNonce) {
        return given().header("OAuth-Client-Attestation", attestation)
                .header("OAuth-Client-Attestation-PoP", proof)
                .header("DPoP", HaipWallet.dpop(wallet.dpop, path, claims -> claims.claim("nonce", dpopNonce)))
                .formParams(form)
                .post(path);
    }

    @Test
    void of_many_uses_of_one_proof_exactly_one_counts() throws Exception {
        String attestation = wallet.attestation();
        String proof = wallet.attestationProof();
        List<Future<Response>> sent = new ArrayList<>();
        try (ExecutorService senders = Executors.newFixedThreadPool(12)) {
            for (int i = 0; i < 12; i++) {
                sent.add(senders.submit(() -> push(attestation, proof)));
            }
        }
        int good = 0;
        for (Future<Response> each : sent) {
            if (each.get().statusCode() == 201) {
                good++;
            } else {
                each.get().then().statusCode(401).body("error", equalTo("invalid_client"));
            }
        }
        assertEquals(1, good);
    }

    @Test
    void chains_that_lead_elsewhere_are_refused() throws Exception {
        HaipWallet.Provider genuine = wallet.provider;
        Path folder = Path.of(ConfigProvider.getConfig().getValue("madang.test.wallet-provider-dir", String.class));
        Path anchorFile = Path.of(ConfigProvider.getConfig().getValue("madang.wallet-providers", String.class));
        Base64 anchor = pem(anchorFile);

        List<Base64> withAnchor = new ArrayList<>(genuine.chain());
        withAnchor.add(anchor);
        refuses(new HaipWallet.Provider(genuine.key(), withAnchor), "the anchor in x5c");

        ECKey own = TestWallet.newKey();
        X500Name name = new X500Name("CN=Own wallet provider");
        Date now = Date.from(Instant.now().minusSeconds(60));
        Date later = Date.from(Instant.now().plusSeconds(86_400));
        X509Certificate selfSigned = certificate(name, name, own.toECPublicKey(), own.toECPrivateKey(), now, later);
        refuses(new HaipWallet.Provider(own, List.of(Base64.encode(selfSigned.getEncoded()))), "self-signed");

        ECKey foreignCa = TestWallet.newKey();
        X500Name ca = new X500Name("CN=Foreign CA");
        X509Certificate foreign = certificate(ca, name, own.toECPublicKey(), foreignCa.toECPrivateKey(), now, later);
        refuses(new HaipWallet.Provider(own, List.of(Base64.encode(foreign.getEncoded()))), "foreign");
        // the name of the trusted CA, without its key
        X500Name trusted = X500Name.getInstance(new org.bouncycastle.cert.X509CertificateHolder(anchor.decode())
                .getSubject()
                .getEncoded());
        X509Certificate claimed =
                certificate(trusted, name, own.toECPublicKey(), foreignCa.toECPrivateKey(), now, later);
        refuses(new HaipWallet.Provider(own, List.of(Base64.encode(claimed.getEncoded()))), "forged issuer");
        // the city's own CA vouches for agencies, not for wallets
        refuses(new HaipWallet.Provider(own, List.of(pem(folder.resolve("agency-ca.pem")))), "another CA of the city");
        refuses(new HaipWallet.Provider(genuine.key(), List.of(Base64.encode("no certificate"))), "no certificate");
    }

    private static Base64 pem(Path file) throws Exception {
        String text = Files.readString(file);
        String end = "-----END CERTIFICATE-----";
        return new Base64(text.substring(0, text.indexOf(end))
                .replace("-----BEGIN CERTIFICATE-----", "")
                .replaceAll("\\s", ""));
    }

    private void refuses(HaipWallet.Provider provider, String what) {
        HaipWallet forger = new HaipWallet();
        forger.provider = provider;
        Response response = forger.push(forger.request());
        assertEquals("invalid_client", response.path("error"), what + ": " + response.asString());
        assertTrue(response.statusCode() == 401, what);
    }

    private static X509Certificate certificate(
            X500Name issuer, X500Name subject, PublicKey key, PrivateKey signer, Date from, Date until)
            throws Exception {
        var builder = new JcaX509v3CertificateBuilder(issuer, BigInteger.TEN, from, until, subject, key)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
    }
}
