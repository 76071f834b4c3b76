package city.madang.identity.issuance;

import city.madang.identity.status.StatusRef;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An issuance that is about to be noted: a batch of copies of one credential.
 *
 * @param id also the {@code notification_id}
 * @param grant of the access token
 * @param offer that it fulfils, if any
 * @param keysSha256 of the holder's keys, in no order
 * @param statuses a place for each copy, all in one list; empty without status
 * @param sealed the answer, encrypted
 * @param answerUntil how long it is kept
 */
record NewIssuance(
        UUID id,
        Issuable what,
        String holder,
        UUID grant,
        @Nullable UUID offer,
        @Nullable UUID application,
        String keysSha256,
        List<StatusRef> statuses,
        Instant issuedAt,
        Instant expiresAt,
        byte[] sealed,
        Instant answerUntil) {

    @Nullable
    UUID statusList() {
        return statuses.isEmpty() ? null : statuses.getFirst().list();
    }

    Integer[] statusIndexes() {
        return statuses.stream().map(StatusRef::index).toArray(Integer[]::new);
    }

    /** The aggregate of its event: the offer where there is one, because others wait for that. */
    String subject() {
        return String.valueOf(offer == null ? id : offer);
    }

    /** References only. */
    JsonObject event() {
        JsonObject data = new JsonObject()
                .put("issuance", id.toString())
                .put("credential_configuration_id", what.type().id());
        if (offer != null) {
            data.put("offer", offer.toString());
        }
        if (application != null) {
            data.put("application", application.toString());
        }
        return data;
    }

    /** Holds nothing of the holder. */
    @Override
    public String toString() {
        return "NewIssuance[" + id + "]";
    }
}
