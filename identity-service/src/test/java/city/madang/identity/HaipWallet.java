package city.madang.identity;

import static io.restassured.RestAssured.given;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertChainUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.ConfigProvider;

/** A wallet under HAIP 1.0: attested by its provider, its tokens bound by DPoP. Written from the standards, with Nimbus. */
final class HaipWallet {

    static final String CLIENT = "https://wallet.example/haip";
    static final String REDIRECT = "https://wallet.example/cb?from=city";
    static final String STATE = "st&te=1";

    /** The provider's key and certificates, to be changed by whoever forges. */
    record Provider(ECKey key, List<Base64> chain) {
        static Provider genuine() {
            try {
                Path folder =
                        Path.of(ConfigProvider.getConfig().getValue("madang.test.wallet-provider-dir", String.class));
                var chain = X509CertChainUtils.parse(Files.readString(folder.resolve("wallet-provider.pem")));
                String pem = Files.readString(folder.resolve("wallet-provider.key"))
                        .replaceAll("-----[A-Z ]+-----", "")
                        .replaceAll("\\s", "");
                ECPrivateKey key = (ECPrivateKey) KeyFactory.getInstance("EC")
                        .generatePrivate(new PKCS8EncodedKeySpec(
                                java.util.Base64.getDecoder().decode(pem)));
                List<Base64> x5c = new ArrayList<>();
                for (var certificate : chain) {
                    x5c.add(Base64.encode(certificate.getEncoded()));
                }
                ECKey full = new ECKey.Builder(
                                Curve.P_256, (ECPublicKey) chain.getFirst().getPublicKey())
                        .privateKey(key)
                        .build();
                return new Provider(full, x5c);
            } catch (Exception broken) {
                throw new AssertionError(broken);
            }
        }
    }

    final ECKey instance = TestWallet.newKey();
    final ECKey dpop = TestWallet.newKey();
    final String verifier =
            Base64URL.encode(UUID.randomUUID() + "" + UUID.randomUUID()).toString();
    String clientId = CLIENT;
    Provider provider = Provider.genuine();

    static String s256(String text) {
        try {
            return Base64URL.encode(
                            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)))
                    .toString();
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static String sign(ECKey key, JWSHeader header, JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (JOSEException broken) {
            throw new AssertionError(broken);
        }
    }

    // attestation

    static String challenge() {
        return given().post("/identity/challenge")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .extract()
                .path("attestation_challenge");
    }

    String attestation() {
        return attestation(claims -> {});
    }

    String attestation(Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer("https://wallet-provider.example")
                .subject(clientId)
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plusSeconds(3600)))
                .claim("wallet_name", "Test wallet")
                .claim("cnf", Map.of("jwk", instance.toPublicJWK().toJSONObject()));
        change.accept(claims);
        return sign(
                provider.key(),
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("oauth-client-attestation+jwt"))
                        .x509CertChain(provider.chain())
                        .build(),
                claims.build());
    }

    String attestationProof() {
        return attestationProof(challenge(), claims -> {});
    }

    String attestationProof(String challenge, Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(clientId)
                .audience(TestWallet.ISSUER)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(new Date())
                .claim("challenge", challenge);
        change.accept(claims);
        return sign(
                instance,
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("oauth-client-attestation-pop+jwt"))
                        .build(),
                claims.build());
    }

    RequestSpecification attested() {
        return given().header("OAuth-Client-Attestation", attestation())
                .header("OAuth-Client-Attestation-PoP", attestationProof());
    }

    // DPoP

    static String dpopNonce() {
        return given().post("/identity/nonce").then().statusCode(200).extract().header("DPoP-Nonce");
    }

    String dpop(String path, String accessToken) {
        return accessToken == null ? dpop(dpop, path, claims -> {}) : dpop(dpop, path, accessToken, claims -> {});
    }

    /** With the hash of the access token that it comes with. */
    static String dpop(ECKey key, String path, String accessToken, Consumer<JWTClaimsSet.Builder> change) {
        return dpop(key, path, claims -> {
            claims.claim("ath", s256(accessToken));
            change.accept(claims);
        });
    }

    static String dpop(ECKey key, String path, Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .jwtID(UUID.randomUUID().toString())
                .claim("htm", "POST")
                .claim("htu", TestWallet.ORIGIN + path)
                .claim("nonce", dpopNonce())
                .issueTime(new Date());
        change.accept(claims);
        return sign(
                key,
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("dpop+jwt"))
                        .jwk(key.toPublicJWK())
                        .build(),
                claims.build());
    }

    // authorization code

    Map<String, String> request(String... change) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("response_type", "code");
        form.put("client_id", clientId);
        form.put("redirect_uri", REDIRECT);
        form.put("state", STATE);
        form.put("scope", "citizen");
        form.put("code_challenge", s256(verifier));
        form.put("code_challenge_method", "S256");
        return changed(form, change);
    }

    /** Pairs of name and value; a null value takes the parameter away. */
    static Map<String, String> changed(Map<String, String> form, String... change) {
        for (int i = 0; i < change.length; i += 2) {
            if (change[i + 1] == null) {
                form.remove(change[i]);
            } else {
                form.put(change[i], change[i + 1]);
            }
        }
        return form;
    }

    Response push(Map<String, String> form) {
        return attested().formParams(form).post("/identity/par");
    }

    /** The address to open in a browser. */
    String authorizeUrl(String... change) {
        String requestUri =
                push(request(change)).then().statusCode(201).extract().path("request_uri");
        return authorizeUrlOf(requestUri);
    }

    String authorizeUrlOf(String requestUri) {
        return TestWallet.ISSUER + "/authorize?client_id="
                + java.net.URLEncoder.encode(clientId, StandardCharsets.UTF_8)
                + "&request_uri=" + java.net.URLEncoder.encode(requestUri, StandardCharsets.UTF_8);
    }

    /** PAR, sign-in, and the code out of the answer. */
    String code(String user, String... change) {
        try (TestBrowser browser = new TestBrowser()) {
            Map<String, String> answer = TestWallet.query(browser.authorize(authorizeUrl(change), user));
            if (!answer.containsKey("code")) {
                throw new AssertionError("no code: " + answer);
            }
            return answer.get("code");
        }
    }

    Map<String, String> exchange(String code, String... change) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("client_id", clientId);
        form.put("code", code);
        form.put("redirect_uri", REDIRECT);
        form.put("code_verifier", verifier);
        return changed(form, change);
    }

    Response token(Map<String, String> form) {
        return attested()
                .header("DPoP", dpop("/identity/token", null))
                .formParams(form)
                .post("/identity/token");
    }

    Response refresh(String refreshToken) {
        return token(new LinkedHashMap<>(
                Map.of("grant_type", "refresh_token", "client_id", clientId, "refresh_token", refreshToken)));
    }

    /** An empty credential request: it says whether the token was good without issuing anything. */
    Response probe(String accessToken) {
        return given().header("Authorization", "DPoP " + accessToken)
                .header("DPoP", dpop("/identity/credential", accessToken))
                .contentType("application/json")
                .body("{}")
                .post("/identity/credential");
    }
}
