package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No address that anybody names on the way to a credential is ever opened: a listening port hears nothing. */
@QuarkusTest
class NoFetchTest {

    private final AtomicInteger heard = new AtomicInteger();
    private ServerSocket port;
    private String url;

    @BeforeEach
    void listen() throws IOException {
        TestCity.register("city-hall");
        port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        url = "http://127.0.0.1:" + port.getLocalPort() + "/";
        Thread.ofVirtual().start(() -> {
            while (!port.isClosed()) {
                try (Socket caller = port.accept()) {
                    heard.incrementAndGet();
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        port.close();
    }

    @Test
    void no_named_address_is_opened() throws Exception {
        proofs();
        attestations();
        authorizationRequests();
        types();
        Thread.sleep(500);
        assertEquals(0, heard.get());
        // and the port does hear
        new Socket(InetAddress.getLoopbackAddress(), port.getLocalPort()).close();
        Thread.sleep(200);
        assertEquals(1, heard.get());
    }

    private void proofs() throws Exception {
        ECKey key = TestWallet.newKey();
        WalletSession session = WalletSession.redeem(TestWallet.residencyOffer());
        URI address = URI.create(url + "keys");
        String host = "127.0.0.1%3A" + port.getLocalPort();
        List<Base64> pointing = List.of(pointing(key));
        for (Consumer<JWSHeader.Builder> header : List.<Consumer<JWSHeader.Builder>>of(
                h -> h.jwkURL(address),
                h -> h.x509CertURL(address),
                h -> h.keyID("did:web:" + host + "#0"),
                h -> h.keyID(url + "keys#0"),
                h -> h.jwk(key.toPublicJWK()).jwkURL(address).x509CertURL(address),
                h -> h.keyID("x").customParam("trust_chain", List.of(url)),
                h -> h.x509CertChain(pointing))) {
            session.jwt("residency", WalletSession.proof(key, TestWallet.nonce(), header, claims -> claims.issuer(url)
                            .claim("jwks_uri", url)))
                    .then()
                    .statusCode(org.hamcrest.Matchers.oneOf(200, 400));
        }
        Map<String, Object> request =
                WalletSession.request("residency", "jwt", new TestWallet().proof(TestWallet.nonce()));
        Map<String, Object> encryption = new LinkedHashMap<>();
        Map<String, Object> jwk = new LinkedHashMap<>(key.toPublicJWK().toJSONObject());
        jwk.put("x5u", url);
        jwk.put("alg", "ECDH-ES");
        encryption.put("jwk", jwk);
        encryption.put("jku", url);
        encryption.put("enc", "A256GCM");
        request.put("credential_response_encryption", encryption);
        session.encryptedPost("/identity/credential", WalletSession.encrypted(request, h -> h.jwkURL(address)))
                .then()
                .statusCode(org.hamcrest.Matchers.oneOf(200, 400));
    }

    private void attestations() throws Exception {
        HaipWallet wallet = new HaipWallet();
        wallet.clientId = url + "wallet";
        given().header("OAuth-Client-Attestation", wallet.attestation(claims -> claims.issuer(url)
                        .claim("jwks_uri", url)
                        .claim("wallet_link", url)
                        .claim("logo_uri", url)
                        .claim("status", Map.of("status_list", Map.of("uri", url, "idx", 1)))))
                .header("OAuth-Client-Attestation-PoP", wallet.attestationProof())
                .formParams(wallet.request())
                .post("/identity/par")
                .then()
                .statusCode(201);
        HaipWallet foreign = new HaipWallet();
        ECKey own = TestWallet.newKey();
        foreign.provider = new HaipWallet.Provider(own, List.of(pointing(own)));
        foreign.push(foreign.request()).then().statusCode(401);
        String statement = WalletSession.attestation(
                HaipWallet.Provider.genuine(), WalletSession.keys(1), TestWallet.nonce(), claims -> claims.claim(
                                "certification", url)
                        .claim("status", Map.of("status_list", Map.of("uri", url, "idx", 1))));
        WalletSession.redeem(TestWallet.residencyOffer())
                .credential(WalletSession.request("residency", "attestation", statement))
                .then()
                .statusCode(200);
    }

    private void authorizationRequests() {
        HaipWallet wallet = new HaipWallet();
        for (String parameter : List.of(
                "redirect_uri",
                "issuer_state",
                "request_uri",
                "client_metadata_uri",
                "jwks_uri",
                "resource",
                "logo_uri",
                "wallet_issuer",
                "user_hint")) {
            wallet.push(wallet.request(parameter, url + "x")).then().statusCode(org.hamcrest.Matchers.oneOf(201, 400));
        }
        given().queryParam("client_id", url)
                .queryParam("request_uri", url + "request")
                .get("/identity/authorize")
                .then()
                .statusCode(400);
        given().header("Forwarded", "host=127.0.0.1:" + port.getLocalPort())
                .header("X-Forwarded-Host", "127.0.0.1:" + port.getLocalPort())
                .queryParam("state", "x")
                .queryParam("iss", url)
                .queryParam("code", "x")
                .cookie("__Host-madang-sign-in", "x".repeat(43))
                .get("/identity/authorize/callback")
                .then()
                .statusCode(400);
    }

    private void types() {
        String id = TestTypes.id("logo");
        Map<String, Object> declaration = TestTypes.sdJwt(id);
        declaration.put(
                "display",
                List.of(Map.of(
                        "name",
                        "a",
                        "locale",
                        "en",
                        "logo",
                        Map.of("uri", "https://127.0.0.1:" + port.getLocalPort() + "/logo.svg"))));
        TestTypes.put("city-hall", id, declaration).then().statusCode(200);
        given().get("/identity/vct/" + id).then().statusCode(200);
        given().get("/.well-known/openid-credential-issuer/identity").then().statusCode(200);
    }

    /** A certificate that tells its reader to fetch its issuer, its status and its revocations. */
    private Base64 pointing(ECKey key) throws Exception {
        X500Name name = new X500Name("CN=pointing elsewhere");
        GeneralName address = new GeneralName(GeneralName.uniformResourceIdentifier, url + "ca");
        var builder = new JcaX509v3CertificateBuilder(
                        new X500Name("CN=elsewhere"),
                        BigInteger.TEN,
                        Date.from(Instant.now().minusSeconds(60)),
                        Date.from(Instant.now().plusSeconds(3600)),
                        name,
                        key.toECPublicKey())
                .addExtension(
                        Extension.authorityInfoAccess, false, new AuthorityInformationAccess(new AccessDescription[] {
                            new AccessDescription(AccessDescription.id_ad_caIssuers, address),
                            new AccessDescription(AccessDescription.id_ad_ocsp, address)
                        }))
                .addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                    new DistributionPoint(new DistributionPointName(new GeneralNames(address)), null, null)
                }));
        return Base64.encode(new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(TestWallet.newKey().toECPrivateKey())))
                .getEncoded());
    }
}
