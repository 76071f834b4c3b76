package city.madang.bench.identity;

import city.madang.bench.load.Exchange;
import city.madang.bench.load.Load;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A city as this benchmark needs it: agencies that are registered, types that can be issued, and who may do what. */
final class City {

    /** Owns the types and issues them. */
    static final String ISSUER = "city-hall";

    /** Asks for them. */
    static final String VERIFIER = "transport";

    static final String DOCTYPE = "city.madang.bench.1";

    static final byte[] NONCE_REQUEST = Exchange.post("/identity/nonce", "application/json", "", Map.of());

    static final CityIssuer.Type SD_JWT = new CityIssuer.Type("residency", claims());
    static final CityIssuer.Type MDOC = new CityIssuer.Type("bench-mdoc", Map.of(DOCTYPE, claims()));

    private static final String REGISTRAR = "officer.cityhall";
    private static final String CITIZEN = "minji";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Servers servers;

    City(Servers servers) {
        this.servers = servers;
    }

    private static Map<String, Object> claims() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("family_name", "김");
        claims.put("given_name", "민지");
        claims.put("birthdate", "1990-03-14");
        claims.put("street_address", "마당로 1");
        claims.put("district", "중구");
        claims.put("city", "마당시");
        return claims;
    }

    /** Registers the agencies and declares a type for mdocs. */
    void prepare() {
        var registrar = userToken(REGISTRAR);
        for (var agency : List.of(ISSUER, VERIFIER)) {
            one(Exchange.put(
                    "/identity/agencies/" + agency,
                    "application/json",
                    HolderKey.json(Map.of("name", Map.of("ko", agency, "en", agency))),
                    bearer(registrar)));
        }
        one(Exchange.put(
                "/identity/credential-types/" + MDOC.id(),
                "application/json",
                HolderKey.json(Map.of(
                        "format",
                        "mso_mdoc",
                        "doctype",
                        DOCTYPE,
                        "display",
                        Map.of("ko", "거주자", "en", "Resident"),
                        "claims",
                        claims().keySet().stream()
                                .map(name -> Map.of("path", List.of(DOCTYPE, name)))
                                .toList(),
                        "validity_days",
                        365)),
                bearer(agencyToken(ISSUER))));
        one(Exchange.put(
                "/identity/agencies/" + VERIFIER + "/rights",
                "application/json",
                HolderKey.json(Map.of(
                        "asks",
                        List.of(
                                right(
                                        "dc+sd-jwt",
                                        Map.of("vct_values", List.of(issuer() + "/vct/" + SD_JWT.id())),
                                        List.of()),
                                right("mso_mdoc", Map.of("doctype_value", DOCTYPE), List.of(DOCTYPE))))),
                bearer(registrar)));
    }

    /** To ask for every claim of a type. */
    private static Map<String, Object> right(String format, Map<String, Object> meta, List<String> nameSpace) {
        return Map.of(
                "format",
                format,
                "meta",
                meta,
                "claims",
                claims().keySet().stream()
                        .map(name -> Map.of(
                                "path",
                                Stream.concat(nameSpace.stream(), Stream.of(name))
                                        .toList()))
                        .toList(),
                "purpose",
                Map.of("ko", "측정", "en", "Measurement"),
                "legal_basis",
                Map.of("ko", "측정", "en", "Measurement"));
    }

    String issuer() {
        return servers.origin() + "/identity";
    }

    Load load(int connections) {
        return servers.service(connections);
    }

    Load gateway(int connections) {
        return servers.gateway(connections);
    }

    /** One request, whose answer must be a success. */
    JsonNode one(byte[] request) {
        return load(1).map(List.of(request), (connection, bytes) -> connection
                        .exchange(bytes)
                        .orFail("a preparation")
                        .json())
                .getFirst();
    }

    String agencyToken(String agency) {
        return token(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                agency,
                "client_secret",
                servers.credentials().client(agency)));
    }

    String citizenToken() {
        return userToken(CITIZEN);
    }

    private String userToken(String user) {
        return token(Map.of(
                "grant_type",
                "password",
                "client_id",
                city.madang.devstack.keycloak.People.TEST_CLIENT,
                "username",
                user,
                "password",
                servers.credentials().user(user)));
    }

    private String token(Map<String, String> form) {
        var request = Exchange.post(
                "/auth/realms/madang/protocol/openid-connect/token",
                "application/x-www-form-urlencoded",
                CityIssuer.form(form),
                KeycloakIssuer.forwarded(servers.origin()));
        return servers.keycloak(1)
                .map(List.of(request), (connection, bytes) -> connection
                        .exchange(bytes)
                        .orFail("a token of Keycloak")
                        .json()
                        .path("access_token")
                        .asText())
                .getFirst();
    }

    /** {@code sub} of a token. */
    String subject(String token) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]))
                    .path("sub")
                    .asText();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }
}
