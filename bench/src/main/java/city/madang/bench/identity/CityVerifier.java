package city.madang.bench.identity;

import city.madang.bench.load.Exchange;
import city.madang.bench.load.Load;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The identity service as a verifier. An agency asks, the wallet fetches the request object and makes its encrypted answer; what
 * is measured is the {@code direct_post.jwt} with that answer.
 */
final class CityVerifier {

    private static final int PREPARING = 4;
    private static final String QUERY = "asked";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is disclosed of an SD-JWT; of an mdoc all is. */
    private static final Set<String> DISCLOSED = Set.of("street_address", "district");

    private final City city;
    private final boolean mdoc;
    private final List<CityIssuer.Held> wallets;

    /** @param wallets whose credentials are shown in turn */
    CityVerifier(City city, boolean mdoc, List<CityIssuer.Held> wallets) {
        this.city = city;
        this.mdoc = mdoc;
        this.wallets = wallets;
    }

    Load load(int connections) {
        return city.load(connections);
    }

    /** Answers to as many requests, each to be sent once. */
    List<List<byte[]>> prepare(int count) {
        var ask = Exchange.post(
                "/identity/presentations",
                "application/json",
                HolderKey.json(Map.of("dcql_query", query())),
                City.bearer(city.agencyToken(City.VERIFIER)));
        return city.load(PREPARING).map(IntStream.range(0, count).boxed().toList(), (connection, index) -> {
            var asked = connection.exchange(ask).orFail("a presentation").json();
            var object = connection
                    .exchange(Exchange.get(path(asked.path("request_uri").asText()), Map.of()))
                    .orFail("a request object")
                    .text();
            var request = JSON.readTree(Base64.getUrlDecoder().decode(object.split("\\.", -1)[1]));
            return List.of(answer(request, wallets.get(index % wallets.size())));
        });
    }

    private Map<String, Object> query() {
        Map<String, Object> meta = mdoc
                ? Map.of("doctype_value", City.DOCTYPE)
                : Map.of("vct_values", List.of(city.issuer() + "/vct/" + City.SD_JWT.id()));
        var names = mdoc ? ((Map<?, ?>) City.MDOC.claims().values().iterator().next()).keySet() : DISCLOSED;
        return Map.of(
                "credentials",
                List.of(Map.of(
                        "id",
                        QUERY,
                        "format",
                        mdoc ? "mso_mdoc" : "dc+sd-jwt",
                        "meta",
                        meta,
                        "claims",
                        names.stream()
                                .map(name -> Map.of("path", mdoc ? List.of(City.DOCTYPE, name) : List.of(name)))
                                .toList())));
    }

    private byte[] answer(JsonNode request, CityIssuer.Held wallet) throws IOException {
        try {
            var key = ECKey.parse(request.at("/client_metadata/jwks/keys/0").toString());
            var shown = mdoc ? deviceResponse(request, key, wallet) : sdJwt(request, wallet);
            var jwe = new JWEObject(
                    new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, EncryptionMethod.A128GCM)
                            .keyID(key.getKeyID())
                            .build(),
                    new Payload(HolderKey.json(Map.of(
                            "vp_token",
                            Map.of(QUERY, List.of(shown)),
                            "state",
                            request.path("state").asText()))));
            jwe.encrypt(new ECDHEncrypter(key));
            return Exchange.post(
                    path(request.path("response_uri").asText()),
                    "application/x-www-form-urlencoded",
                    CityIssuer.form(Map.of("response", jwe.serialize())),
                    Map.of());
        } catch (JOSEException | ParseException unusable) {
            throw new IllegalStateException("the request's key cannot be encrypted to", unusable);
        }
    }

    private static String sdJwt(JsonNode request, CityIssuer.Held wallet) {
        var parts = wallet.credential().split("~", -1);
        var shown = Stream.concat(
                        Stream.of(parts[0]),
                        Stream.of(parts).skip(1).filter(part -> !part.isEmpty()).filter(CityVerifier::isDisclosed))
                .collect(Collectors.joining("~", "", "~"));
        return wallet.key()
                .bound(
                        shown,
                        request.path("client_id").asText(),
                        request.path("nonce").asText());
    }

    private static boolean isDisclosed(String disclosure) {
        var text = new String(Base64.getUrlDecoder().decode(disclosure), StandardCharsets.UTF_8);
        return DISCLOSED.stream().anyMatch(name -> text.contains("\"" + name + "\""));
    }

    private static String deviceResponse(JsonNode request, ECKey key, CityIssuer.Held wallet) throws JOSEException {
        var transcript = Cbor.sessionTranscript(
                request.path("client_id").asText(),
                request.path("nonce").asText(),
                key.computeThumbprint().decode(),
                request.path("response_uri").asText());
        return HolderKey.base64(Cbor.deviceResponse(
                wallet.key(), City.DOCTYPE, Base64.getUrlDecoder().decode(wallet.credential()), transcript));
    }

    private static String path(String uri) {
        return URI.create(uri).getRawPath();
    }
}
