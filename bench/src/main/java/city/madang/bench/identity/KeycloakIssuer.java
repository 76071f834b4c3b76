package city.madang.bench.identity;

import city.madang.bench.load.Answer;
import city.madang.bench.load.Connection;
import city.madang.bench.load.Exchange;
import city.madang.bench.load.Load;
import city.madang.devstack.keycloak.DevCredentials;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keycloak's OpenID4VCI issuer, in a realm of its own: an SD-JWT VC of the same six claims, ES256, bound to the key of a {@code
 * jwt} proof, under an access token that is bound by DPoP. A citizen signs in with the authorization code flow, several times;
 * what is measured is the nonce and the credential request.
 *
 * <p>Its credentials have no status list entry and no certificate chain, and its nonces are good more than once: work that it is spared.
 */
final class KeycloakIssuer implements Issuer {

    private static final String REALM = "bench";
    private static final String CLIENT = "wallet";
    private static final String USER = "minji";
    private static final String PASSWORD = "bench-only";
    private static final String CONFIGURATION = "residency";
    private static final String CALLBACK = "http://127.0.0.1/callback";
    private static final String VERIFIER = "v".repeat(64);
    private static final int SIGN_INS = 8;
    private static final int PREPARING = 4;

    /** Longer than any run, so that tokens need not be refreshed. */
    private static final int TOKEN_SECONDS = 3600;

    private static final Pattern FORM = Pattern.compile("action=\"([^\"]+)\"");

    private final Servers servers;
    private final Map<String, String> forwarded;
    private final List<Access> accesses = new ArrayList<>();

    /**
     * @param identifier with which the credential is asked for (OpenID4VCI 1.0 §8.2)
     */
    private record Access(HolderKey key, String token, String identifier) {
        @Override
        public String toString() {
            return "Access";
        }
    }

    KeycloakIssuer(Servers servers) {
        this.servers = servers;
        this.forwarded = forwarded(servers.origin());
        makeRealm();
        for (var i = 0; i < SIGN_INS; i++) {
            accesses.add(load(1).map(List.of(i), (connection, ignored) -> signIn(connection))
                    .getFirst());
        }
    }

    /** What the gateway would say of the public address. */
    static Map<String, String> forwarded(String origin) {
        var uri = URI.create(origin);
        return Map.of(
                "X-Forwarded-Proto", uri.getScheme(),
                "X-Forwarded-Host", uri.getAuthority(),
                "X-Forwarded-Port", Integer.toString(uri.getPort()));
    }

    @Override
    public Load load(int connections) {
        return servers.keycloak(connections);
    }

    @Override
    public List<List<byte[]>> prepare(int count, int proofs) {
        var nonceRequest = post("/protocol/oid4vc/nonce", "application/json", "", Map.of());
        return load(PREPARING).map(IntStream.range(0, count).boxed().toList(), (connection, index) -> {
            var nonce = connection
                    .exchange(nonceRequest)
                    .orFail("a nonce of Keycloak")
                    .json()
                    .path("c_nonce")
                    .asText();
            return List.of(nonceRequest, request(accesses.get(index % SIGN_INS), nonce, proofs));
        });
    }

    private byte[] request(Access access, String nonce, int proofs) {
        var body = HolderKey.json(Map.of(
                "credential_identifier",
                access.identifier(),
                "proofs",
                Map.of(
                        "jwt",
                        IntStream.range(0, proofs)
                                .mapToObj(i -> HolderKey.fresh().proof(realm(), nonce, CLIENT))
                                .toList())));
        var path = "/protocol/oid4vc/credential";
        return post(
                path,
                "application/json",
                body,
                Map.of(
                        "Authorization",
                        "DPoP " + access.token(),
                        "DPoP",
                        access.key().dpop(realm() + path, null, access.token())));
    }

    private String realm() {
        return servers.origin() + "/auth/realms/" + REALM;
    }

    private byte[] post(String path, String type, String body, Map<String, String> headers) {
        var all = new LinkedHashMap<>(forwarded);
        all.putAll(headers);
        return Exchange.post("/auth/realms/" + REALM + path, type, body, all);
    }

    private Access signIn(Connection connection) throws IOException {
        var key = HolderKey.fresh();
        var query = new LinkedHashMap<String, String>();
        query.put("response_type", "code");
        query.put("client_id", CLIENT);
        query.put("redirect_uri", CALLBACK);
        query.put("scope", "openid " + CONFIGURATION);
        query.put(
                "authorization_details",
                HolderKey.json(List.of(Map.of(
                        "type",
                        "openid_credential",
                        "credential_configuration_id",
                        CONFIGURATION,
                        "locations",
                        List.of(realm())))));
        query.put("code_challenge", HolderKey.sha256(VERIFIER));
        query.put("code_challenge_method", "S256");
        var page = connection
                .exchange(Exchange.get(
                        "/auth/realms/" + REALM + "/protocol/openid-connect/auth?" + CityIssuer.form(query), forwarded))
                .orFail("Keycloak's sign-in page");
        var matcher = FORM.matcher(page.text());
        if (!matcher.find()) {
            throw new IllegalStateException("Keycloak's sign-in page has no form");
        }
        var action = URI.create(matcher.group(1).replace("&amp;", "&"));
        var headers = new LinkedHashMap<>(forwarded);
        headers.put("Cookie", cookies(page));
        var back = connection.exchange(Exchange.post(
                action.getRawPath() + "?" + action.getRawQuery(),
                "application/x-www-form-urlencoded",
                CityIssuer.form(Map.of("username", USER, "password", PASSWORD)),
                headers));
        var location = back.header("Location")
                .orElseThrow(() -> new IllegalStateException("Keycloak did not take the sign-in: " + back.status()));
        var tokens = connection
                .exchange(post(
                        "/protocol/openid-connect/token",
                        "application/x-www-form-urlencoded",
                        CityIssuer.form(Map.of(
                                "grant_type",
                                "authorization_code",
                                "client_id",
                                CLIENT,
                                "code",
                                parameter(location, "code"),
                                "redirect_uri",
                                CALLBACK,
                                "code_verifier",
                                VERIFIER)),
                        Map.of("DPoP", key.dpop(realm() + "/protocol/openid-connect/token", null, null))))
                .orFail("Keycloak's token")
                .json();
        return new Access(
                key,
                tokens.path("access_token").asText(),
                tokens.at("/authorization_details/0/credential_identifiers/0").asText());
    }

    private static String cookies(Answer answer) {
        return answer.head()
                .lines()
                .filter(line -> line.regionMatches(true, 0, "set-cookie:", 0, 11))
                .map(line -> line.substring(11).strip().replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
    }

    private static String parameter(String uri, String name) {
        return Stream.of(URI.create(uri).getRawQuery().split("&", -1))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name + " in Keycloak's answer"));
    }

    private void makeRealm() {
        var token = admin("/auth/realms/master/protocol/openid-connect/token", null, null)
                .path("access_token")
                .asText();
        admin("/auth/admin/realms", token, representation());
        var user = admin("/auth/admin/realms/" + REALM + "/users?username=" + USER, token, null)
                .at("/0/id")
                .asText();
        admin(
                "/auth/admin/realms/" + REALM + "/users/" + user + "/vc/credentials",
                token,
                Map.of("credentialScopeName", CONFIGURATION));
    }

    /** With a token: posts the body, or gets where there is none; without one: signs the administrator in. */
    private JsonNode admin(String path, @Nullable String token, @Nullable Object body) {
        byte[] request;
        if (token == null) {
            request = Exchange.post(
                    path,
                    "application/x-www-form-urlencoded",
                    CityIssuer.form(Map.of(
                            "grant_type",
                            "password",
                            "client_id",
                            "admin-cli",
                            "username",
                            DevCredentials.ADMIN,
                            "password",
                            servers.credentials().admin())),
                    Map.of());
        } else {
            request = body == null
                    ? Exchange.get(path, City.bearer(token))
                    : Exchange.post(path, "application/json", HolderKey.json(body), City.bearer(token));
        }
        return load(1).map(List.of(request), (connection, bytes) -> {
                    var answer = connection.exchange(bytes).orFail("Keycloak's administration, " + path);
                    return answer.body().length == 0 ? MissingNode.getInstance() : answer.json();
                })
                .getFirst();
    }

    private static Map<String, Object> representation() {
        var attributes = Map.of(
                "street", List.of("마당로 1"),
                "district", List.of("중구"),
                "city", List.of("마당시"),
                "birthdate", List.of("1990-03-14"));
        return Map.ofEntries(
                Map.entry("realm", REALM),
                Map.entry("enabled", true),
                Map.entry("sslRequired", "none"),
                Map.entry("verifiableCredentialsEnabled", true),
                Map.entry("defaultSignatureAlgorithm", "ES256"),
                Map.entry("accessTokenLifespan", TOKEN_SECONDS),
                Map.entry("attributes", Map.of("oid4vci.batch_credential_issuance.batch_size", "10")),
                Map.entry("clientScopes", List.of(scope())),
                Map.entry(
                        "clients",
                        List.of(Map.of(
                                "clientId",
                                CLIENT,
                                "enabled",
                                true,
                                "publicClient",
                                true,
                                "standardFlowEnabled",
                                true,
                                "redirectUris",
                                List.of(CALLBACK),
                                "optionalClientScopes",
                                List.of(CONFIGURATION),
                                "attributes",
                                Map.of("oid4vci.enabled", "true", "dpop.bound.access.tokens", "true")))),
                Map.entry(
                        "users",
                        List.of(Map.of(
                                "username",
                                USER,
                                "enabled",
                                true,
                                "emailVerified",
                                true,
                                "email",
                                "minji@madang.example",
                                "firstName",
                                "민지",
                                "lastName",
                                "김",
                                "attributes",
                                attributes,
                                "credentials",
                                List.of(Map.of("type", "password", "value", PASSWORD, "temporary", false))))),
                Map.entry("components", components()));
    }

    private static Map<String, Object> components() {
        var profile = HolderKey.json(Map.of(
                "unmanagedAttributePolicy",
                "ENABLED",
                "attributes",
                List.of("username", "email", "firstName", "lastName").stream()
                        .map(name -> Map.of("name", name))
                        .toList()));
        return Map.of(
                "org.keycloak.userprofile.UserProfileProvider",
                List.of(Map.of(
                        "providerId",
                        "declarative-user-profile",
                        "config",
                        Map.of("kc.user.profile.config", List.of(profile)))),
                "org.keycloak.keys.KeyProvider",
                List.of(
                        key("es256", "ecdsa-generated", Map.of("ecdsaEllipticCurveKey", List.of("P-256"))),
                        // without one it writes a line into its log at every request
                        key("encryption", "rsa-enc-generated", Map.of("algorithm", List.of("RSA-OAEP")))));
    }

    private static Map<String, Object> key(String name, String type, Map<String, Object> config) {
        return Map.of("name", name, "providerId", type, "config", config);
    }

    private static Map<String, Object> scope() {
        var mappers = new ArrayList<Map<String, Object>>();
        Map.of(
                        "family_name", "lastName",
                        "given_name", "firstName",
                        "birthdate", "birthdate",
                        "street_address", "street",
                        "district", "district",
                        "city", "city")
                .forEach((claim, attribute) -> mappers.add(mapper(
                        claim,
                        "oid4vc-user-attribute-mapper",
                        Map.of("claim.name", claim, "userAttribute", attribute))));
        mappers.add(mapper("iat", "oid4vc-issued-at-time-claim-mapper", Map.of("claim.name", "iat")));
        return Map.of(
                "name",
                CONFIGURATION,
                "protocol",
                "oid4vc",
                "attributes",
                Map.ofEntries(
                        Map.entry("include.in.token.scope", "true"),
                        Map.entry("vc.format", "dc+sd-jwt"),
                        Map.entry("vc.credential_configuration_id", CONFIGURATION),
                        Map.entry("vc.verifiable_credential_type", "https://bench.example/vct/residency"),
                        Map.entry("vc.credential_signing_alg", "ES256"),
                        Map.entry("vc.cryptographic_binding_methods_supported", "jwk"),
                        Map.entry("vc.binding_required", "true"),
                        Map.entry("vc.binding_required_proof_types", "jwt"),
                        Map.entry("vc.sd_jwt.number_of_decoys", "2")),
                "protocolMappers",
                Collections.unmodifiableList(mappers));
    }

    private static Map<String, Object> mapper(String name, String type, Map<String, String> config) {
        return Map.of("name", name, "protocol", "oid4vc", "protocolMapper", type, "config", config);
    }
}
