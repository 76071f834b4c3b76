package city.madang.records.applications.course;

import org.jspecify.annotations.Nullable;

/**
 * A round in which officers look at an application.
 *
 * @param round 1, or 2 after an appeal
 * @param officer subject of who has claimed it, or has decided it; null while nobody has
 * @param notBy subject of who decided the first round and so must not decide this one
 * @param questions how often the applicant was asked
 */
public record Review(int round, @Nullable String officer, @Nullable String notBy, int questions) {

    static final int MOST_QUESTIONS = 10;

    static Review first() {
        return new Review(1, null, null, 0);
    }

    /** The round after an appeal: by somebody else. */
    Review appealed() {
        return new Review(2, null, officer, 0);
    }

    Review by(@Nullable String nowBy) {
        return new Review(round, nowBy, notBy, questions);
    }

    Review withQuestion() {
        return new Review(round, officer, notBy, questions + 1);
    }
}
