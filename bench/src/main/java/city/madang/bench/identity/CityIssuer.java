package city.madang.bench.identity;

import city.madang.bench.load.Answer;
import city.madang.bench.load.Exchange;
import city.madang.bench.load.Load;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The identity service. An agency offers a credential, the citizen reads its transaction code, the wallet redeems it for tokens
 * that are bound to its key; what is measured is the nonce and the credential request that follow.
 */
final class CityIssuer implements Issuer {

    private static final int PREPARING = 4;
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final City city;
    private final Type type;
    private final boolean throughGateway;

    /**
     * A credential type and what an agency says in it.
     *
     * @param id also the credential configuration
     */
    record Type(String id, Map<String, Object> claims) {}

    CityIssuer(City city, Type type, boolean throughGateway) {
        this.city = city;
        this.type = type;
        this.throughGateway = throughGateway;
    }

    /** A token and the key that it is bound to. */
    private record Access(HolderKey key, String token) {}

    @Override
    public Load load(int connections) {
        return throughGateway ? city.gateway(connections) : city.load(connections);
    }

    @Override
    public List<List<byte[]>> prepare(int count, int proofs) {
        return requests(count, proofs).stream().map(Prepared::work).toList();
    }

    /** Issued credentials with their keys, one copy of each issuance. */
    List<Held> issue(int count) {
        return city.load(PREPARING)
                .map(
                        requests(count, 1),
                        (connection, prepared) -> new Held(
                                prepared.keys().getFirst(),
                                connection
                                        .exchange(prepared.work().getLast())
                                        .orFail("a credential")
                                        .json()
                                        .at("/credentials/0/credential")
                                        .asText()));
    }

    record Held(HolderKey key, String credential) {
        @Override
        public String toString() {
            return "Held";
        }
    }

    private record Prepared(List<HolderKey> keys, List<byte[]> work) {}

    private List<Prepared> requests(int count, int proofs) {
        var agency = city.agencyToken(City.ISSUER);
        var citizen = city.citizenToken();
        var holder = city.subject(citizen);
        var offer = Exchange.post(
                "/identity/credential-offers",
                "application/json",
                HolderKey.json(
                        Map.of("credential_configuration_id", type.id(), "holder", holder, "claims", type.claims())),
                City.bearer(agency));
        return city.load(PREPARING)
                .map(Stream.generate(() -> offer).limit(count).toList(), (connection, create) -> {
                    var id = connection
                            .exchange(create)
                            .orFail("an offer")
                            .json()
                            .path("id")
                            .asText();
                    var seen = connection
                            .exchange(Exchange.get("/identity/credential-offers/" + id, City.bearer(citizen)))
                            .orFail("the citizen's offer")
                            .json();
                    var nonce = nonce(connection.exchange(City.NONCE_REQUEST));
                    var access = redeem(connection, seen, nonce.dpop());
                    return request(access, nonce, proofs);
                });
    }

    private Access redeem(city.madang.bench.load.Connection connection, JsonNode seen, String dpopNonce)
            throws IOException {
        var link = seen.path("credential_offer_by_value").asText();
        var offer = JSON.readTree(URLDecoder.decode(link.substring(link.indexOf('=') + 1), StandardCharsets.UTF_8));
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", GRANT);
        form.put(
                "pre-authorized_code",
                offer.path("grants").path(GRANT).path("pre-authorized_code").asText());
        form.put("tx_code", seen.path("tx_code").asText());
        var key = HolderKey.fresh();
        var answer = connection
                .exchange(Exchange.post(
                        "/identity/token",
                        "application/x-www-form-urlencoded",
                        form(form),
                        Map.of("DPoP", key.dpop(city.issuer() + "/token", dpopNonce, null))))
                .orFail("a token");
        return new Access(key, answer.json().path("access_token").asText());
    }

    private Prepared request(Access access, Nonce nonce, int proofs) {
        var keys = new ArrayList<HolderKey>();
        IntStream.range(0, proofs).forEach(i -> keys.add(HolderKey.fresh()));
        var body = HolderKey.json(Map.of(
                "credential_configuration_id",
                type.id(),
                "proofs",
                Map.of(
                        "jwt",
                        keys.stream()
                                .map(key -> key.proof(city.issuer(), nonce.key(), null))
                                .toList())));
        var headers = Map.of(
                "Authorization",
                "DPoP " + access.token(),
                "DPoP",
                access.key().dpop(city.issuer() + "/credential", nonce.dpop(), access.token()));
        return new Prepared(
                keys,
                List.of(City.NONCE_REQUEST, Exchange.post("/identity/credential", "application/json", body, headers)));
    }

    /** One for key proofs, and one for DPoP proofs. */
    private record Nonce(String key, String dpop) {}

    private static Nonce nonce(Answer answer) {
        answer.orFail("a nonce");
        return new Nonce(
                answer.json().path("c_nonce").asText(),
                answer.header("DPoP-Nonce").orElseThrow());
    }

    static String form(Map<String, String> values) {
        return String.join(
                "&",
                values.entrySet().stream()
                        .map(entry ->
                                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                        .toList());
    }
}
