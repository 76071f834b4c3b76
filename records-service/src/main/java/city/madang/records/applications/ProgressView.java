package city.madang.records.applications;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far an application is, for people: what happened when, and what happens next.
 *
 * @param says where it stands, in a sentence
 * @param fee {@code none}, {@code unbilled}, {@code billed}, {@code paid}, {@code cancelled}, {@code returned}
 * @param next empty when nothing happens any more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProgressView(
        UUID id,
        String service,
        Says title,
        String state,
        Says says,
        @JsonProperty("service_level") @Nullable Level level,
        String fee,
        List<Next> next,
        List<Happened> timeline) {

    /** A sentence in both languages. */
    public record Says(String ko, String en) {}

    /**
     * What the agency promises.
     *
     * @param due when the time is over if nothing stops the clock; absent while it rests
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Level(
            @JsonProperty("working_days") int workingDays, @Nullable Instant due, boolean paused, boolean overdue) {}

    /**
     * Who does what next.
     *
     * @param who {@code applicant}, {@code agency} or {@code city} (by itself)
     * @param href where the applicant does it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Next(String who, String does, Says says, @Nullable String href, @Nullable Instant until) {}

    /** @param text a question, an answer or a reason, as it was written */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Happened(
            String what, String by, Says says, Instant at, @Nullable Instant until, @Nullable String text) {}
}
