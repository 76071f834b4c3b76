package city.madang.records.catalogue.definition;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long things take at a service.
 *
 * @param expiresAfterDays until when an applicant must have shown and paid what is needed
 * @param answerDays how long an applicant has to answer an officer's question unless the officer says otherwise
 * @param appealDays how long a refusal may be appealed against, 0 if it may not
 * @param level what the agency promises, null if nothing
 * @param renewal null if its records are not renewed
 */
public record Terms(
        int expiresAfterDays, int answerDays, int appealDays, @Nullable Level level, @Nullable Renewal renewal) {

    /** The longest of all terms. */
    public static final int LONGEST_DAYS = 366;

    /** As long as identity keeps an applicant's request for credentials open by default. */
    static final int EXPIRES_AFTER_DAYS = 7;

    static final int ANSWER_DAYS = 14;

    /** A decision within so many working days; the clock rests while the applicant is asked. */
    public record Level(int workingDays, WorkingTime calendar) {

        /** Working time until it is due. */
        public Duration budget() {
            return calendar.day().multipliedBy(workingDays);
        }
    }

    /**
     * When a record may be renewed: its holder applies anew, and the new record takes the old one's place.
     *
     * @param daysBefore from so many days before the record's end
     * @param daysAfter until so many days after it
     * @param fee in won, 0 for none; null for the service's own
     */
    public record Renewal(int daysBefore, int daysAfter, @Nullable Long fee) {}
}
