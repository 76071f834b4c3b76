package city.madang.identity.presentation.checks;

import city.madang.identity.jose.Malformed;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code transaction_data_hashes} in key bindings (OpenID4VP 1.0 appendix B.3.3.1): each thing is signed, and nothing else. */
final class TransactionDataCheck {

    private final List<TransactionData> asked;
    private final Set<TransactionData> signed = new HashSet<>();

    TransactionDataCheck(List<TransactionData> asked) {
        this.asked = asked;
    }

    /** Takes the key binding of one presentation. */
    void add(String credentialId, Map<String, @Nullable Object> keyBinding) throws Malformed {
        @Nullable Object hashes = keyBinding.get("transaction_data_hashes");
        if (hashes == null) {
            return;
        }
        if (!(hashes instanceof List<?> list) || list.isEmpty() || list.size() > asked.size()) {
            throw new Malformed("transaction_data_hashes does not fit what was asked for");
        }
        @Nullable Object algorithm = keyBinding.get("transaction_data_hashes_alg");
        if (algorithm != null && !TransactionData.HASH.equals(algorithm)) {
            throw new Malformed("transaction_data_hashes_alg must be sha-256");
        }
        for (Object hash : list) {
            TransactionData data = asked.stream()
                    .filter(each -> each.credentialIds().contains(credentialId)
                            && each.hash().equals(hash))
                    .findFirst()
                    .orElseThrow(() -> new Malformed("the holder signed other transaction data"));
            if (data.namesAlgorithm() && algorithm == null) {
                throw new Malformed("transaction_data_hashes_alg is missing");
            }
            signed.add(data);
        }
    }

    /** To be called after all presentations. */
    void finish() throws Malformed {
        if (!signed.containsAll(asked)) {
            throw new Malformed("the holder did not sign the transaction data");
        }
    }
}
