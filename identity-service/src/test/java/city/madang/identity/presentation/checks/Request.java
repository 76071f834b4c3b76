package city.madang.identity.presentation.checks;

import city.madang.identity.certificates.Signer;
import city.madang.identity.certificates.TestAuthority;
import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.mdoc.MdocIssuer;
import city.madang.identity.mdoc.SessionTranscripts;
import city.madang.identity.mdoc.TestMdocs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A request of a verifier for an SD-JWT VC and an mdoc, the issuer and the holder of both, and issuers that are not to be trusted. */
final class Request {

    static final String VCT = "https://city.example/vct/residency";
    static final String DOCTYPE = "city.madang.citizen.1";
    static final String PID = "urn:eudi:pid:1";
    static final String CLIENT = "x509_hash:Zm9v";
    static final String RESPONSE_URI = "https://city.example/response/1";

    final Instant now = Instant.now();
    final TestAuthority city = new TestAuthority("CN=City");
    final TestAuthority state = new TestAuthority("CN=State");
    final KeyPair issuerKey = TestMdocs.newKey();
    final X509Certificate issuer = city.issue("CN=City Hall,O=city-hall", issuerKey);
    final KeyPair holder = TestMdocs.newKey();
    final String nonce = UUID.randomUUID().toString();
    final String walletState = UUID.randomUUID().toString();
    final String thumbprint = Base64Url.encode(Sha256.of(nonce.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    final Signer.OtherIssuer stateIssuer = new Signer.OtherIssuer("state", Set.of(PID));

    /** Asks for a residency and a citizen's card. */
    static final String QUERY =
            """
            {"credentials": [
              {"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": ["%s"]},
               "claims": [{"path": ["district"]}, {"path": ["address", "street"]}, {"path": ["nationalities", null]}]},
              {"id": "b", "format": "mso_mdoc", "meta": {"doctype_value": "%s"},
               "claims": [{"path": ["%s", "family_name"]}]}]}"""
                    .formatted(VCT, DOCTYPE, DOCTYPE);

    Expected expected() {
        return expected(QUERY, thumbprint);
    }

    Expected expected(String query, String keyThumbprint) {
        return expected(query, keyThumbprint, List.of());
    }

    Expected expected(String query, String keyThumbprint, List<TransactionData> transactionData) {
        String hash = Sha256.hex(TestAuthority.der(issuer));
        return new Expected(
                parsed(query),
                CLIENT,
                nonce,
                walletState,
                RESPONSE_URI,
                keyThumbprint,
                transactionData,
                Map.of(VCT, Set.of(hash), DOCTYPE, Set.of(hash), "another", Set.of()));
    }

    static DcqlQuery parsed(String query) {
        try {
            return DcqlQuery.parse(StrictJson.object(query));
        } catch (Malformed broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    /** The city's agencies, and the state for its PID. */
    Signer trusted(Object x5c) throws Malformed {
        try {
            return city.signer(x5c, null);
        } catch (Malformed notTheCity) {
            return state.signer(x5c, stateIssuer);
        }
    }

    /** A residency with all claims hidden, of which those that are asked for are shown. */
    Shown residency() {
        Shown shown = new Shown();
        shown.header.put("alg", "ES256");
        shown.header.put("typ", "dc+sd-jwt");
        shown.header.put("x5c", TestAuthority.x5c(issuer));
        shown.issuerKey = issuerKey;
        shown.holderKey = holder;
        shown.payload.put("vct", VCT);
        shown.payload.put("iat", now.getEpochSecond() - 60);
        shown.payload.put("exp", now.getEpochSecond() + 3600);
        shown.payload.put(
                "cnf",
                Map.of("jwk", PublicJwk.of((ECPublicKey) holder.getPublic()).toJson()));
        String street = Shown.disclosure("s1", "street", "마당로 1");
        String first = Shown.disclosure("s2", "KR");
        String second = Shown.disclosure("s3", "FR");
        String district = Shown.disclosure("s4", "district", "중구");
        String address = Shown.disclosure(
                "s5", "address", Map.of("_sd", List.of(Shown.digest(street), Shown.digest("decoy")), "country", "KR"));
        String nationalities = Shown.disclosure(
                "s6",
                "nationalities",
                List.of(Map.of("...", Shown.digest(first)), Map.of("...", Shown.digest(second))));
        String kept = Shown.disclosure("s7", "family_name", "김");
        shown.payload.put(
                "_sd",
                List.of(
                        Shown.digest(district),
                        Shown.digest(address),
                        Shown.digest(nationalities),
                        Shown.digest(kept),
                        Shown.digest("another decoy")));
        shown.payload.put("_sd_alg", "sha-256");
        shown.disclosures.addAll(List.of(district, address, street, nationalities, first, second));
        shown.bindingHeader.put("alg", "ES256");
        shown.bindingHeader.put("typ", "kb+jwt");
        shown.binding.put("iat", now.getEpochSecond());
        shown.binding.put("aud", CLIENT);
        shown.binding.put("nonce", nonce);
        return shown;
    }

    byte[] citizenCard() {
        return citizenCard(issuerKey, List.of(TestAuthority.der(issuer)));
    }

    byte[] citizenCard(KeyPair key, List<byte[]> chain) {
        return MdocIssuer.issue(
                new MdocIssuer.Order(
                        DOCTYPE,
                        Map.of(DOCTYPE, Map.of("family_name", "김", "given_name", "마당")),
                        PublicJwk.of((ECPublicKey) holder.getPublic()),
                        chain,
                        now,
                        now,
                        now.plus(Duration.ofDays(1)),
                        null),
                TestMdocs.signer(key.getPrivate()));
    }

    byte[] transcript() {
        return transcript(CLIENT, nonce, thumbprint, RESPONSE_URI);
    }

    static byte[] transcript(String client, String nonce, String thumbprint, String responseUri) {
        try {
            return SessionTranscripts.openId4Vp(
                    client, nonce, thumbprint == null ? null : Base64Url.decode(thumbprint), responseUri);
        } catch (Malformed impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String presented(byte[] card) {
        return presented(card, transcript(), holder);
    }

    static String presented(byte[] card, byte[] transcript, KeyPair device) {
        try {
            return Base64Url.encode(
                    TestMdocs.present(card, Map.of(DOCTYPE, Set.of("family_name")), transcript, device.getPrivate()));
        } catch (Malformed impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Map<String, Object> answer(String residency, String card) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("vp_token", Map.of("a", List.of(residency), "b", List.of(card)));
        answer.put("state", walletState);
        return answer;
    }

    Verdict check(Map<String, Object> answer) {
        return check(expected(), answer);
    }

    Verdict check(Expected expected, Map<String, Object> answer) {
        return new AnswerCheck(expected, this::trusted, this::trusted).check(answer, now);
    }
}
