package city.madang.records.applications;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an application, as its applicant and its agency are shown it.
 *
 * @param text what was asked, answered or given as a reason; null when there was none or it was erased
 * @param until by when something is to follow
 */
record Entry(Kind kind, Actor actor, @Nullable String text, @Nullable Instant until, Instant at) {

    enum Actor {
        APPLICANT,
        OFFICER,
        CITY
    }

    enum Kind {
        SUBMITTED,
        PRESENTED,
        PAID,
        UNDER_REVIEW,
        CLAIMED,
        RELEASED,
        ASKED,
        ANSWERED,
        GRANTED,
        REFUSED,
        APPEALED,
        SEALED,
        OFFERED,
        COMPLETED,
        REVOKING,
        WITHDRAWN,
        EXPIRED,
        FAILED,
        CLOSED,
        BILL_CANCELLED,
        FEE_RETURNED
    }

    static Entry of(Kind kind, Actor actor, Instant at) {
        return new Entry(kind, actor, null, null, at);
    }
}
