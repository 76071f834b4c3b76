package city.madang.records.verification;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What anyone who has a record's id may know of it; nothing personal.
 *
 * @param state {@code sealed}; {@code expired} once its validity has passed; {@code superseded} or {@code revoked} once the log says so
 * @param logged whether the entry was found under the published checkpoint, recomputed from the log's tiles just now
 * @param anchor the first anchor that covers the entry, absent until there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordState(
        UUID record,
        String state,
        String agency,
        @JsonProperty("agency_name") Map<String, String> agencyName,
        Instant issued,
        @JsonProperty("valid_until") Instant validUntil,
        Log log,
        @Nullable Anchor anchor) {

    /**
     * @param url where the log's checkpoint, tiles and key are
     * @param checkpoint signed note
     */
    public record Log(String url, long index, boolean logged, long size, String checkpoint) {}

    public record Anchor(
            @JsonProperty("chain_id") long chainId,
            String contract,
            long size,
            @JsonProperty("transaction_hash") String transactionHash,
            @JsonProperty("block_number") long blockNumber,
            Instant anchored) {}
}
