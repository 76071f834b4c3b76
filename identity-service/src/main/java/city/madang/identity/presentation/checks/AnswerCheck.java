package city.madang.identity.presentation.checks;

import city.madang.identity.dcql.PresentationFormat;
import city.madang.identity.dcql.PresentedCredential;
import city.madang.identity.jose.Malformed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the answer to a request, decrypted already (OpenID4VP 1.0 §8.6). Blocking: it verifies signatures.
 *
 * @param credentials who signs SD-JWT VCs
 * @param documents who signs mdocs
 */
public record AnswerCheck(Expected expected, SignerTrust credentials, SignerTrust documents) {

    /** Far above what any query can take. */
    private static final int MOST_PRESENTATIONS = 20;

    /** @param response the members of the response: {@code vp_token}, {@code state} */
    public Verdict check(Map<String, @Nullable Object> response, Instant now) {
        try {
            Step.RESPONSE.test(() -> checkState(response.get("state")));
            Map<String, List<String>> presentations = Step.RESPONSE.check(() -> read(response.get("vp_token")));
            return checkAll(presentations, now);
        } catch (Failed failed) {
            return failed.verdict();
        }
    }

    private void checkState(@Nullable Object state) throws Malformed {
        boolean same = state instanceof String text
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), expected.state().getBytes(StandardCharsets.UTF_8));
        if (!same) {
            throw new Malformed("state is missing or of another request");
        }
    }

    private static Map<String, List<String>> read(@Nullable Object json) throws Malformed {
        if (!(json instanceof Map<?, ?> vpToken)) {
            throw new Malformed("vp_token must be an object with the ids of the query");
        }
        Map<String, List<String>> presentations = new LinkedHashMap<>();
        int count = 0;
        for (Map.Entry<?, ?> entry : vpToken.entrySet()) {
            List<String> texts = new ArrayList<>();
            if (entry.getValue() instanceof List<?> list) {
                for (Object each : list) {
                    if (each instanceof String text) {
                        texts.add(text);
                    }
                }
                count += list.size();
                boolean different = new HashSet<>(texts).size() == list.size();
                if (different && !texts.isEmpty() && count <= MOST_PRESENTATIONS) {
                    presentations.put(String.valueOf(entry.getKey()), texts);
                    continue;
                }
            }
            throw new Malformed("each member of vp_token must be an array of different presentations");
        }
        return presentations;
    }

    private Verdict checkAll(Map<String, List<String>> presentations, Instant now) throws Failed {
        IssuerTrust issuers = new IssuerTrust(expected.issuers());
        TransactionDataCheck transactionData = new TransactionDataCheck(expected.transactionData());
        SdJwtCheck sdJwt = new SdJwtCheck(expected, issuers, transactionData, credentials);
        MdocCheck mdoc = new MdocCheck(expected, issuers, documents);
        Map<String, List<PresentedCredential>> given = new LinkedHashMap<>();
        List<Verdict.StatusQuestion> statuses = new ArrayList<>();
        for (Map.Entry<String, List<String>> entry : presentations.entrySet()) {
            String id = entry.getKey();
            PresentationFormat format = Step.QUERY.check(() -> expected.query()
                    .formatOf(id)
                    .orElseThrow(() -> new Malformed("a credential was given that was not asked for")));
            List<PresentedCredential> credentials = new ArrayList<>();
            for (String text : entry.getValue()) {
                Checked checked =
                        format == PresentationFormat.SD_JWT_VC ? sdJwt.check(id, text, now) : mdoc.check(text, now);
                credentials.add(checked.credential());
                statuses.add(checked.status());
            }
            given.put(id, credentials);
        }
        Step.TRANSACTION_DATA.test(transactionData::finish);
        return new Verdict.Holds(Step.QUERY.check(() -> expected.query().take(given)), statuses);
    }
}
