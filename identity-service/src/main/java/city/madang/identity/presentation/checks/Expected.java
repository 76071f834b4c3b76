package city.madang.identity.presentation.checks;

import city.madang.identity.dcql.DcqlQuery;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to one request must fit.
 *
 * @param clientId with its prefix
 * @param keyThumbprint RFC 7638 SHA-256 of the key that the answer is encrypted to, base64url; null if it is not encrypted
 * @param transactionData as it stands in the request
 * @param issuers for each type asked for, SHA-256 (hex) of the certificates that may issue it
 */
public record Expected(
        DcqlQuery query,
        String clientId,
        String nonce,
        String state,
        String responseUri,
        @Nullable String keyThumbprint,
        List<TransactionData> transactionData,
        Map<String, Set<String>> issuers) {}
