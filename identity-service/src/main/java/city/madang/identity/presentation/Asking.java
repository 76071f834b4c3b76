package city.madang.identity.presentation;

import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.dcql.NullMembers;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.presentation.checks.TransactionData;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be asked of a holder, checked so far that it can be asked.
 *
 * @param dcql the query as JSON, and {@code query} what it means
 * @param redirect where the browser returns; null if the wallet may be on another device
 * @param lifetime how long the answer is waited for
 */
record Asking(
        String dcql,
        DcqlQuery query,
        ClientIdPrefix prefix,
        ResponseMode mode,
        List<TransactionData> transactionData,
        @Nullable URI redirect,
        Duration lifetime) {

    /** Of a DCQL query as JSON. */
    private static final int LONGEST_QUERY = 16 * 1024;

    private static final int LONGEST_REDIRECT = 1000;

    /**
     * The query alone, asked as HAIP wants it.
     *
     * @throws Malformed if it is too long or nested too deep, or cannot be checked
     */
    static Asking of(Map<String, ?> dcql, Duration lifetime) throws Malformed {
        String text = StrictJson.write(NullMembers.leftOut(dcql));
        if (text.length() > LONGEST_QUERY) {
            throw new Malformed("the query is too long");
        }
        // read back as it will be when it is asked
        return new Asking(
                text,
                DcqlQuery.parse(StrictJson.object(text)),
                ClientIdPrefix.X509_HASH,
                ResponseMode.DIRECT_POST_JWT,
                List.of(),
                null,
                lifetime);
    }

    Asking by(ClientIdPrefix newPrefix, ResponseMode newMode) {
        return new Asking(dcql, query, newPrefix, newMode, transactionData, redirect, lifetime);
    }

    /** @throws Malformed if the holder could not sign for it as the query stands */
    Asking signingFor(List<Map<String, Object>> objects) throws Malformed {
        return new Asking(dcql, query, prefix, mode, TransactionData.of(objects, query), redirect, lifetime);
    }

    /** @throws Malformed unless it is an absolute https URI to which a fragment can be added */
    Asking returningTo(String uri) throws Malformed {
        if (uri.length() > LONGEST_REDIRECT) {
            throw new Malformed("redirect_uri is too long");
        }
        try {
            URI parsed = URI.create(uri);
            boolean usable = "https".equals(parsed.getScheme())
                    && parsed.getHost() != null
                    && parsed.getRawUserInfo() == null
                    && parsed.getRawFragment() == null;
            if (!usable) {
                throw new Malformed("redirect_uri must be an absolute https URI without user and fragment");
            }
            return new Asking(dcql, query, prefix, mode, transactionData, parsed, lifetime);
        } catch (IllegalArgumentException broken) {
            throw new Malformed("redirect_uri must be a URI");
        }
    }
}
