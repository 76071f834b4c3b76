package city.madang.identity.presentation.checks;

import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.dcql.PresentationFormat;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One thing that the holder is to sign for, beside showing a credential (OpenID4VP 1.0 §8.4, appendix B.3.3.1).
 *
 * @param encoded base64url of its JSON, as it stands in the request
 * @param credentialIds credential queries, of which one is to carry the signature
 * @param namesAlgorithm whether the request says which hash to take, so that the answer must say it too
 */
public record TransactionData(String encoded, Set<String> credentialIds, boolean namesAlgorithm) {

    /** The only hash that this verifier takes. */
    static final String HASH = "sha-256";

    private static final int MOST = 10;
    private static final int MOST_IDS = 10;
    private static final int LONGEST = 8 * 1024;
    private static final int LONGEST_TYPE = 300;

    /**
     * Encodes what an agency wants signed.
     *
     * @throws Malformed if it lacks {@code type} or {@code credential_ids}, names another hash than SHA-256 only, or a credential
     *     that cannot carry the signature
     */
    public static List<TransactionData> of(List<? extends Map<String, ?>> objects, DcqlQuery query) throws Malformed {
        if (objects.isEmpty() || objects.size() > MOST) {
            throw new Malformed("transaction_data must be an array of 1 to " + MOST);
        }
        List<TransactionData> all = new ArrayList<>();
        for (Map<String, ?> object : objects) {
            String json = StrictJson.write(object);
            if (json.length() > LONGEST) {
                throw new Malformed("an object of transaction_data is too long");
            }
            all.add(read(Base64Url.encode(json.getBytes(StandardCharsets.UTF_8)), query));
        }
        return all;
    }

    /** Reads back what {@link #encoded} was kept of it. */
    public static TransactionData read(String encoded, DcqlQuery query) throws Malformed {
        Map<String, ?> object = StrictJson.object(new String(Base64Url.decode(encoded), StandardCharsets.UTF_8));
        if (!(object.get("type") instanceof String type) || type.isEmpty() || type.length() > LONGEST_TYPE) {
            throw new Malformed("an object of transaction_data needs a type");
        }
        if (!(object.get("credential_ids") instanceof List<?> ids) || ids.isEmpty() || ids.size() > MOST_IDS) {
            throw new Malformed("an object of transaction_data needs credential_ids");
        }
        Set<String> credentialIds = new HashSet<>();
        for (Object id : ids) {
            boolean carries = id instanceof String text
                    && query.formatOf(text)
                            .filter(PresentationFormat.SD_JWT_VC::equals)
                            .isPresent()
                    && query.needsHolderBinding(text);
            if (!carries) {
                throw new Malformed("credential_ids must name credential queries of dc+sd-jwt with holder binding");
            }
            credentialIds.add((String) id);
        }
        boolean namesAlgorithm = object.containsKey("transaction_data_hashes_alg");
        if (namesAlgorithm
                && !(object.get("transaction_data_hashes_alg") instanceof List<?> algorithms
                        && algorithms.equals(List.of(HASH)))) {
            throw new Malformed("transaction_data_hashes_alg must be [\"sha-256\"]");
        }
        return new TransactionData(encoded, Set.copyOf(credentialIds), namesAlgorithm);
    }

    /** What the holder signs: base64url of SHA-256 over the text in the request. */
    String hash() {
        return Base64Url.encode(Sha256.of(encoded.getBytes(StandardCharsets.US_ASCII)));
    }
}
