package city.madang.identity;

import static io.restassured.RestAssured.given;

import com.authlete.sd.Disclosure;
import com.authlete.sd.SDJWT;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.restassured.response.Response;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A wallet written from the standards with other libraries than the service. */
final class TestWallet {

    static final String ORIGIN = "https://localhost:8443";
    static final String ISSUER = ORIGIN + "/identity";
    static final String GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

    final ECKey key;

    TestWallet() {
        this(newKey());
    }

    TestWallet(ECKey key) {
        this.key = key;
    }

    static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** An offer made by city-hall to minji, as she sees it. */
    static Map<String, Object> residencyOffer() {
        return TestCity.offer(
                "city-hall",
                "residency",
                "minji",
                Map.of("family_name", "김", "given_name", "민지", "street_address", "마당로 1", "district", "중구"));
    }

    static Map<String, Object> fetchOffer(Map<String, Object> announced) {
        return given().get(path((String) announced.get("credential_offer_uri")))
                .then()
                .statusCode(200)
                .extract()
                .as(new io.restassured.common.mapper.TypeRef<>() {});
    }

    @SuppressWarnings("unchecked")
    static String code(Map<String, Object> offer) {
        var grants = (Map<String, Map<String, Object>>) offer.get("grants");
        return (String) grants.get(GRANT).get("pre-authorized_code");
    }

    /** What a token is asked for an offer with. */
    static Map<String, String> form(Map<String, Object> announced) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", GRANT);
        form.put("pre-authorized_code", code(fetchOffer(announced)));
        form.put("tx_code", (String) announced.get("tx_code"));
        return form;
    }

    static Response token(String code, String txCode) {
        return given().formParam("grant_type", GRANT)
                .formParam("pre-authorized_code", code)
                .formParam("tx_code", txCode)
                .post("/identity/token");
    }

    static String nonce() {
        return given().post("/identity/nonce")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .extract()
                .path("c_nonce");
    }

    String proof(String nonce) {
        return proof(nonce, ISSUER, Instant.now());
    }

    String proof(String nonce, String audience, Instant issuedAt) {
        return sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("openid4vci-proof+jwt"))
                        .jwk(key.toPublicJWK())
                        .build(),
                new JWTClaimsSet.Builder()
                        .audience(audience)
                        .issueTime(Date.from(issuedAt))
                        .claim("nonce", nonce)
                        .build());
    }

    String sign(JWSHeader header, JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static Response credential(String token, String configuration, Object... proofs) {
        return given().header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .body(Map.of("credential_configuration_id", configuration, "proofs", Map.of("jwt", List.of(proofs))))
                .post("/identity/credential");
    }

    /** The whole issuance; the SD-JWT with all its disclosures. */
    String receive(Map<String, Object> announced) {
        String token = token(code(fetchOffer(announced)), (String) announced.get("tx_code"))
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        return credential(token, (String) announced.get("credential_configuration_id"), proof(nonce()))
                .then()
                .statusCode(200)
                .extract()
                .path("credentials[0].credential");
    }

    /** What the holder shows: only these claims, bound to one verifier and nonce. */
    String present(String credential, Set<String> claims, String audience, String nonce) {
        return present(credential, claims, audience, nonce, Instant.now());
    }

    String present(String credential, Set<String> claims, String audience, String nonce, Instant at) {
        SDJWT all = SDJWT.parse(credential);
        List<Disclosure> chosen = all.getDisclosures().stream()
                .filter(disclosure -> claims.contains(disclosure.getClaimName()))
                .toList();
        return bind(new SDJWT(all.getCredentialJwt(), chosen), audience, nonce, at);
    }

    String bind(SDJWT shown, String audience, String nonce, Instant at) {
        String binding = sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("kb+jwt"))
                        .build(),
                new JWTClaimsSet.Builder()
                        .audience(audience)
                        .issueTime(Date.from(at))
                        .claim("nonce", nonce)
                        .claim("sd_hash", shown.getSDHash())
                        .build());
        return new SDJWT(shown.getCredentialJwt(), shown.getDisclosures(), binding).toString();
    }

    /** Query parameters of a link such as {@code openid4vp://?…}. */
    static Map<String, String> query(String link) {
        Map<String, String> parameters = new LinkedHashMap<>();
        Arrays.stream(link.substring(link.indexOf('?') + 1).split("&"))
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> parameters.put(
                        pair[0], java.net.URLDecoder.decode(pair[1], java.nio.charset.StandardCharsets.UTF_8)));
        return parameters;
    }

    /** Public addresses lead to the gateway, which is not part of these tests. */
    static String path(String url) {
        if (!url.startsWith(ORIGIN + "/")) {
            throw new AssertionError("not a public address: " + url);
        }
        return URI.create(url).getRawPath();
    }
}
