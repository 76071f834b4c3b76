package city.madang.identity;

import static io.restassured.RestAssured.given;

import city.madang.devstack.testing.TestTokens;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.eclipse.microprofile.config.ConfigProvider;

/** A new agency, onboarded by the registrar, that signs in at the real Keycloak with a key of its own. */
final class TestAgency {

    static final String PROVIDER = TestWallet.ORIGIN + "/auth/realms/madang";

    final String id = "t" + UUID.randomUUID().toString().substring(0, 8);
    ECKey clientKey = newKey();
    private String token = "";

    /** Registered only. */
    static TestAgency entered() {
        TestAgency agency = new TestAgency();
        TestCity.enter(agency.id);
        return agency;
    }

    /** Registered, with a client. */
    static TestAgency onboarded() {
        TestAgency agency = entered();
        agency.client(agency.clientKey).then().statusCode(200);
        agency.signIn();
        return agency;
    }

    static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static RequestSpecification registrar() {
        return TestCity.as(TestTokens.user("officer.cityhall"));
    }

    String path(String rest) {
        return "/identity/agencies/" + id + rest;
    }

    Response client(ECKey key) {
        return registrar()
                .body(Map.of("jwks", Map.of("keys", List.of(key.toPublicJWK().toJSONObject()))))
                .put(path("/client"));
    }

    Response tokenResponse(ECKey key) {
        try {
            Instant now = Instant.now();
            SignedJWT assertion = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(key.getKeyID())
                            .build(),
                    new JWTClaimsSet.Builder()
                            .issuer("agency-" + id)
                            .subject("agency-" + id)
                            .audience(PROVIDER)
                            .jwtID(UUID.randomUUID().toString())
                            .issueTime(Date.from(now))
                            .expirationTime(Date.from(now.plusSeconds(30)))
                            .build());
            assertion.sign(new ECDSASigner(key));
            return given().formParam("grant_type", "client_credentials")
                    .formParam("client_id", "agency-" + id)
                    .formParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                    .formParam("client_assertion", assertion.serialize())
                    .post(ConfigProvider.getConfig().getValue("madang.keycloak.url", String.class)
                            + "/protocol/openid-connect/token");
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    String signIn() {
        token = tokenResponse(clientKey).then().statusCode(200).extract().path("access_token");
        return token;
    }

    /** With the token that it got when it signed in last. */
    RequestSpecification acts() {
        return TestCity.as(token);
    }

    /** Declares a type of its own, and gives its id. */
    String type() {
        String type = id + "-pass";
        acts().body(Map.of(
                        "vct_name",
                        type,
                        "display",
                        Map.of("ko", "출입증", "en", "Pass"),
                        "claims",
                        List.of(Map.of("name", "gate", "label", Map.of("ko", "문", "en", "Gate"))),
                        "validity_days",
                        30))
                .put("/identity/credential-types/" + type)
                .then()
                .statusCode(200);
        return type;
    }

    String offer(String type) {
        return acts().body(Map.of(
                        "credential_configuration_id", type,
                        "holder", TestTokens.subject("minji"),
                        "claims", Map.of("gate", "north")))
                .post("/identity/credential-offers")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    static Map<String, Object> seen(String offer) {
        return TestCity.citizen("minji")
                .get("/identity/credential-offers/" + offer)
                .then()
                .statusCode(200)
                .extract()
                .as(new io.restassured.common.mapper.TypeRef<>() {});
    }

    static Map<String, Object> gate(String type) {
        return Map.of(
                "credentials",
                List.of(Map.of(
                        "id",
                        "residency",
                        "format",
                        "dc+sd-jwt",
                        "meta",
                        Map.of("vct_values", List.of(TestWallet.ISSUER + "/vct/" + type)),
                        "claims",
                        List.of(Map.of("path", List.of("gate"))))));
    }

    /** It asks a wallet; the wallet fetches the request. */
    TestVerification asks(Map<String, Object> dcql) {
        Map<String, Object> created = acts().body(Map.of("dcql_query", dcql))
                .post("/identity/presentations")
                .then()
                .statusCode(201)
                .extract()
                .as(new io.restassured.common.mapper.TypeRef<>() {});
        return TestVerification.fetched((String) created.get("id"), (String) created.get("authorization_request"));
    }

    Response rotate(String purpose, String replaces) {
        return registrar()
                .body(Map.of("purpose", purpose, "replaces", replaces))
                .post(path("/keys"));
    }

    String kid(String purpose) {
        return given().get(path(""))
                .then()
                .statusCode(200)
                .extract()
                .path("certificates.find { it.purpose == '" + purpose + "' }.kid");
    }

    static KeyPair pair(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** PKCS#10 in PEM. */
    static String csr(KeyPair certified, KeyPair signer) {
        try {
            byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=whatever"), certified.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
                    .getEncoded();
            return "-----BEGIN CERTIFICATE REQUEST-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                    + "\n-----END CERTIFICATE REQUEST-----\n";
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    Response certify(String purpose, String csr) {
        return registrar().body(Map.of("purpose", purpose, "csr", csr)).post(path("/certificates"));
    }
}
