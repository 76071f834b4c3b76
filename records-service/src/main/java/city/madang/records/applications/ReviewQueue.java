package city.madang.records.applications;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an agency's officers have to look at: what is due first comes first. */
@ApplicationScoped
class ReviewQueue {

    private static final String DUE = "coalesce(due, 'infinity'::timestamptz)";

    private static final String SELECT =
            "select id, service, state, round, submitted, due, deadline, officer, questions"
                    + " from application where agency = $1 and state in ('DECIDING', 'ASKED')"
                    + " and ($2::text is null or service = $2)"
                    + " and ($3::uuid is null or (" + DUE + ", id) >"
                    + " (select " + DUE + ", id from application where id = $3 and agency = $1))";

    private static final String ORDER = " order by " + DUE + ", id limit $5";

    private final Pool pool;

    ReviewQueue(Pool pool) {
        this.pool = pool;
    }

    /** Which of them. */
    enum Show {
        /** Waits for any officer who may decide it. */
        OPEN(" and officer is null and state = 'DECIDING' and not_by is distinct from $4"),
        /** Claimed by the officer who asks. */
        MINE(" and officer = $4"),
        /** Everything under review, also what others have claimed or may decide. */
        ALL(" and $4::text is not null");

        private final String condition;

        Show(String condition) {
            this.condition = condition;
        }
    }

    /**
     * An application under review.
     *
     * @param state {@code deciding}, or {@code asked} while its applicant is to answer
     * @param round 1, or 2 after an appeal
     * @param due by when the service level wants it decided; absent while the clock rests or there is none
     * @param answerUntil by when the applicant is to answer
     * @param claimed whether an officer has it
     * @param mine whether it is the officer who asks
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            UUID application,
            String service,
            String state,
            int round,
            Instant submitted,
            @Nullable Instant due,
            boolean overdue,
            @com.fasterxml.jackson.annotation.JsonProperty("answer_until") @Nullable Instant answerUntil,
            boolean claimed,
            boolean mine,
            int questions) {}

    /** @param after id of the application before */
    Uni<List<Item>> list(
            String agency, String officer, Show show, @Nullable String service, @Nullable UUID after, int most) {
        return pool.preparedQuery(SELECT + show.condition + ORDER)
                .execute(Tuple.of(agency, service, after, officer, most))
                .map(rows -> {
                    Instant now = Instant.now();
                    List<Item> items = new ArrayList<>();
                    rows.forEach(row -> items.add(item(row, officer, now)));
                    return items;
                });
    }

    private static Item item(Row row, String officer, Instant now) {
        @Nullable Instant due = instant(row.getOffsetDateTime("due"));
        @Nullable String claimedBy = row.getString("officer");
        return new Item(
                row.getUUID("id"),
                row.getString("service"),
                row.getString("state").toLowerCase(Locale.ROOT),
                row.getInteger("round"),
                row.getOffsetDateTime("submitted").toInstant(),
                due,
                due != null && now.isAfter(due),
                instant(row.getOffsetDateTime("deadline")),
                claimedBy != null,
                officer.equals(claimedBy),
                row.getInteger("questions"));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
