package city.madang.identity;

import static io.restassured.RestAssured.given;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.SignedJWT;
import io.restassured.common.mapper.TypeRef;
import io.restassured.response.Response;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A presentation as a wallet and an agency see it in these tests. */
record TestVerification(String id, String link, SignedJWT object, Map<String, Object> request) {

    static final Map<String, Object> STREET_AND_DISTRICT = dcql(List.of("street_address"), List.of("district"));

    /** What a request holds that is fetched by GET; one by POST has the wallet's nonce besides. */
    static final Set<String> MEMBERS = Set.of(
            "iss",
            "aud",
            "iat",
            "exp",
            "client_id",
            "response_type",
            "response_mode",
            "response_uri",
            "nonce",
            "state",
            "dcql_query",
            "client_metadata");

    @SafeVarargs
    static Map<String, Object> dcql(List<String>... paths) {
        return Map.of(
                "credentials",
                List.of(Map.of(
                        "id",
                        "residency",
                        "format",
                        "dc+sd-jwt",
                        "meta",
                        Map.of("vct_values", List.of(TestWallet.ISSUER + "/vct/residency")),
                        "claims",
                        java.util.Arrays.stream(paths)
                                .map(path -> Map.of("path", path))
                                .toList())));
    }

    /** The agency asks; the wallet fetches the request object. */
    static TestVerification asked(String agency, Map<String, Object> dcql) {
        Map<String, Object> created = TestCity.agency(agency)
                .body(Map.of("dcql_query", dcql))
                .post("/identity/presentations")
                .then()
                .statusCode(201)
                .extract()
                .as(new TypeRef<>() {});
        return fetched((String) created.get("id"), (String) created.get("authorization_request"));
    }

    static TestVerification fetched(String id, String link) {
        String uri = TestWallet.query(link).get("request_uri");
        Response response = given().contentType("application/x-www-form-urlencoded")
                .body("wallet_nonce=from-the-wallet")
                .post(TestWallet.path(uri));
        response.then().statusCode(200).contentType("application/oauth-authz-req+jwt");
        try {
            SignedJWT object = SignedJWT.parse(response.asString());
            return new TestVerification(
                    id, link, object, object.getJWTClaimsSet().toJSONObject());
        } catch (ParseException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    String nonce() {
        return (String) request.get("nonce");
    }

    String clientId() {
        return (String) request.get("client_id");
    }

    ECKey encryptionKey() {
        try {
            Map<?, ?> metadata = (Map<?, ?>) request.get("client_metadata");
            List<?> keys = (List<?>) ((Map<?, ?>) metadata.get("jwks")).get("keys");
            return ECKey.parse(com.nimbusds.jose.util.JSONObjectUtils.toJSONString(castToMap(keys.getFirst())));
        } catch (ParseException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> castToMap(Object map) {
        return (Map<String, Object>) map;
    }

    Response answer(String presentation) {
        return send(encrypted(
                Map.of("vp_token", Map.of("residency", List.of(presentation)), "state", request.get("state")),
                encryptionKey(),
                EncryptionMethod.A128GCM));
    }

    static String encrypted(Map<String, Object> content, ECKey key, EncryptionMethod method) {
        try {
            JWEObject jwe = new JWEObject(
                    new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, method)
                            .keyID(key.getKeyID())
                            .build(),
                    new Payload(content));
            jwe.encrypt(new ECDHEncrypter(key));
            return jwe.serialize();
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    Response send(String jwe) {
        return given().formParam("response", jwe).post(TestWallet.path((String) request.get("response_uri")));
    }

    Response result(String agency) {
        return TestCity.agency(agency).get("/identity/presentations/" + id + "/result");
    }
}
