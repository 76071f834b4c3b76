package city.madang.identity.presentation;

import city.madang.identity.jose.Malformed;
import city.madang.identity.problem.IdentityProblem;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.problem.CommonProblem;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an agency posts to ask a holder.
 *
 * @param dcqlQuery OpenID4VP 1.0 clause 6
 * @param clientIdPrefix {@code x509_hash} (default), {@code x509_san_dns} or {@code decentralized_identifier}
 * @param responseMode {@code direct_post.jwt} (default) or {@code direct_post}
 * @param transactionData what the holder is to sign for (§8.4)
 * @param redirectUri https, where the browser returns when the wallet is on the same device
 * @param expiresIn seconds that the answer is waited for
 */
record NewPresentation(
        @NotNull Map<String, Object> dcqlQuery,
        @Nullable String clientIdPrefix,
        @Nullable String responseMode,
        @Nullable List<Map<String, Object>> transactionData,
        @Nullable String redirectUri,
        @Nullable Long expiresIn) {

    /** Less than this is too little to answer in. */
    private static final long SHORTEST_SECONDS = 10;

    /** Throws a problem that says what cannot be asked. */
    Asking asking(IdentitySettings.Presentation settings) {
        Asking asking = query(lifetime(settings)).by(prefix(), mode());
        if (transactionData != null) {
            try {
                asking = asking.signingFor(transactionData);
            } catch (Malformed invalid) {
                throw IdentityProblem.INVALID_TRANSACTION_DATA.with(String.valueOf(invalid.getMessage()));
            }
        }
        if (redirectUri != null) {
            try {
                asking = asking.returningTo(redirectUri);
            } catch (Malformed invalid) {
                throw CommonProblem.INVALID_REQUEST.with(String.valueOf(invalid.getMessage()));
            }
        }
        return asking;
    }

    private Asking query(Duration lifetime) {
        try {
            return Asking.of(dcqlQuery, lifetime);
        } catch (Malformed invalid) {
            throw IdentityProblem.INVALID_DCQL_QUERY.with(String.valueOf(invalid.getMessage()));
        }
    }

    private Duration lifetime(IdentitySettings.Presentation settings) {
        if (expiresIn == null) {
            return settings.lifetime();
        }
        long longest = settings.longestLifetime().toSeconds();
        if (expiresIn < SHORTEST_SECONDS || expiresIn > longest) {
            throw CommonProblem.INVALID_REQUEST.with(
                    "expires_in must be " + SHORTEST_SECONDS + " to " + longest + " seconds");
        }
        return Duration.ofSeconds(expiresIn);
    }

    private ClientIdPrefix prefix() {
        return clientIdPrefix == null
                ? ClientIdPrefix.X509_HASH
                : ClientIdPrefix.of(clientIdPrefix)
                        .orElseThrow(() -> oneOf(
                                "client_id_prefix",
                                Stream.of(ClientIdPrefix.values()).map(ClientIdPrefix::text)));
    }

    private ResponseMode mode() {
        return responseMode == null
                ? ResponseMode.DIRECT_POST_JWT
                : ResponseMode.of(responseMode)
                        .orElseThrow(() -> oneOf(
                                "response_mode",
                                Stream.of(ResponseMode.values()).map(ResponseMode::text)));
    }

    private static RuntimeException oneOf(String name, Stream<String> texts) {
        return CommonProblem.INVALID_REQUEST.with(name + " must be " + texts.collect(Collectors.joining(" or ")));
    }
}
