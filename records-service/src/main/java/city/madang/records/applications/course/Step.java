package city.madang.records.applications.course;

import java.util.Set;

/** What a happening does to a course. */
public sealed interface Step {

    /** What must be done in the same transaction as the move. */
    enum Consequence {
        /** Tell that the application is decided. */
        TELL_DECISION,
        /** Queue the record for sealing. */
        SEAL
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
}
