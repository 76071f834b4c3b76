package city.madang.records.applications.course;

import java.util.Set;

/** What a happening does to a course. */
public sealed interface Step {

    /** What must be done in the same transaction as the move. */
    enum Consequence {
        /** Evaluate the service's rule and take what it says. */
        ASK_RULE,
        /** Tell how it was decided. */
        TELL_DECISION,
        /** Queue the record for sealing. */
        SEAL,
        /** Tell that it ended without a grant: identity withdraws what it asked, payment gives the fee back. */
        TELL_CLOSED,
        /** Have the log say that the record is revoked. */
        REVOKE_RECORD,
        /** Have the log say that the renewed record is superseded by this one. */
        SUPERSEDE,
        /** The service level's clock begins at nothing. */
        CLOCK_STARTS,
        CLOCK_PAUSES,
        CLOCK_RESUMES,
        CLOCK_STOPS
    }

    record Moved(Course course, Set<Consequence> consequences) implements Step {
        public Moved {
            consequences = Set.copyOf(consequences);
        }
    }

    /** Heard before; nothing changes. */
    record Known() implements Step {}

    /** Something that must come first has not been heard of. */
    record TooEarly(String why) implements Step {}

    /** Contrary to what is already true; it can never be taken. */
    record Contradiction(String why) implements Step {}

    /** A person's wish that is not granted. */
    record Refused(Why why) implements Step {}

    /** Why a wish is not granted. */
    enum Why {
        NOT_DECIDED_BY_OFFICERS,
        NOT_READY_TO_DECIDE,
        ALREADY_DECIDED,
        CLAIMED_BY_ANOTHER,
        DECIDED_BY_YOU_BEFORE,
        TOO_MANY_QUESTIONS,
        NOT_ASKED,
        ANSWERED_TOO_LATE,
        TOO_LATE_TO_WITHDRAW,
        NOT_APPEALABLE
    }
}
