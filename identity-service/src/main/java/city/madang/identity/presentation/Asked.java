package city.madang.identity.presentation;

import city.madang.identity.applications.Application;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request as its answer finds it.
 *
 * @param dcql JSON; empty once the request has ended
 * @param sealedKey that the answer is encrypted to, sealed; null if it is not to be encrypted
 * @param transactionData JSON array of what is to be signed for; null if there is nothing
 * @param answerSha256 of the answer that was taken, hex; null before
 * @param application that the answer is for; null if it is for the agency itself
 */
record Asked(
        UUID id,
        String agency,
        String dcql,
        PresentationState state,
        String clientId,
        String nonce,
        String walletState,
        @Nullable String sealedKey,
        @Nullable String keyThumbprint,
        @Nullable String transactionData,
        Instant expiresAt,
        @Nullable String answerSha256,
        @Nullable Application application) {

    boolean isOpenAt(Instant now) {
        return state == PresentationState.REQUESTED && now.isBefore(expiresAt);
    }

    List<String> transactionDataTexts() throws Malformed {
        return transactionData == null
                ? List.of()
                : StrictJson.array(transactionData).stream()
                        .map(String::valueOf)
                        .toList();
    }

    /** Holds no secrets. */
    @Override
    public String toString() {
        return "Asked[" + id + "]";
    }
}
