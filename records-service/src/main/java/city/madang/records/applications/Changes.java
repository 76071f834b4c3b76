package city.madang.records.applications;

import city.madang.records.applications.course.Course;
import city.madang.records.applications.course.Fee;
import city.madang.records.applications.course.Review;
import city.madang.records.applications.course.Stage;
import city.madang.records.applications.course.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a move shows to those who follow an application. */
final class Changes {

    private final List<Entry> entries = new ArrayList<>();
    private final Entry.Actor actor;
    private final @Nullable String text;
    private final Instant now;

    private Changes(Entry.Actor actor, @Nullable String text, Instant now) {
        this.actor = actor;
        this.text = text;
        this.now = now;
    }

    /** @param text goes with what the mover did, e.g. the question that was asked */
    static List<Entry> between(Course from, Course to, Entry.Actor actor, @Nullable String text, Instant now) {
        Changes changes = new Changes(actor, text, now);
        changes.collected(from, to);
        changes.review(from, to);
        if (from.state() != to.state() || from.isClosed() != to.isClosed()) {
            changes.stage(from, to);
        }
        changes.afterwards(from, to);
        return changes.entries;
    }

    private void collected(Course from, Course to) {
        if (!from.evidence().presented() && to.evidence().presented()) {
            add(Entry.Kind.PRESENTED, null);
        }
        if (from.fee() != to.fee() && to.fee() == Fee.PAID) {
            add(Entry.Kind.PAID, null);
        }
    }

    private void review(Course from, Course to) {
        @Nullable Review before = underReview(from.stage());
        @Nullable Review after = underReview(to.stage());
        if (before != null
                && after != null
                && from.state() == to.state()
                && !Objects.equals(before.officer(), after.officer())) {
            add(after.officer() == null ? Entry.Kind.RELEASED : Entry.Kind.CLAIMED, null);
        }
    }

    private static @Nullable Review underReview(Stage stage) {
        return switch (stage) {
            case Stage.Deciding(Review review) -> review;
            case Stage.Asked(Review review, Instant _) -> review;
            default -> null;
        };
    }

    private void stage(Course from, Course to) {
        switch (to.stage()) {
            case Stage.Collecting _ -> add(Entry.Kind.SUBMITTED, null);
            case Stage.Deciding _ -> {
                if (from.state() == State.ASKED) {
                    add(Entry.Kind.ANSWERED, null);
                } else if (from.state() == State.REFUSED) {
                    add(Entry.Kind.APPEALED, null);
                } else {
                    entries.add(Entry.of(Entry.Kind.UNDER_REVIEW, Entry.Actor.CITY, now));
                }
            }
            case Stage.Asked(Review _, Instant until) -> add(Entry.Kind.ASKED, until);
            case Stage.Refused(Review _, Instant until) -> add(Entry.Kind.REFUSED, until);
            case Stage.Granted _ -> add(Entry.Kind.GRANTED, null);
            case Stage.Sealed _ -> add(Entry.Kind.SEALED, null);
            case Stage.Revoking _ -> add(Entry.Kind.REVOKING, null);
            case Stage.Completed _ -> {
                if (from.state() == State.GRANTED) {
                    add(Entry.Kind.SEALED, null);
                }
                add(Entry.Kind.COMPLETED, null);
            }
            case Stage.Closed _ -> closed(from, to);
        }
    }

    private void closed(Course from, Course to) {
        switch (to.state()) {
            case REFUSED -> add(refused(from), null);
            case WITHDRAWN -> add(Entry.Kind.WITHDRAWN, null);
            case EXPIRED -> add(Entry.Kind.EXPIRED, null);
            default -> add(Entry.Kind.FAILED, null);
        }
    }

    /** A refusal that was open to an appeal becomes final, also when the appeal is given up or runs out of time. */
    private Entry.Kind refused(Course from) {
        if (from.state() == State.REFUSED) {
            return Entry.Kind.CLOSED;
        }
        if (actor == Entry.Actor.APPLICANT) {
            return Entry.Kind.WITHDRAWN;
        }
        return from.state() == State.ASKED ? Entry.Kind.EXPIRED : Entry.Kind.REFUSED;
    }

    private void afterwards(Course from, Course to) {
        if (from.credential().offer() == null
                && to.credential().offer() != null
                && !to.credential().issued()) {
            add(Entry.Kind.OFFERED, null);
        }
        if (from.fee() != to.fee() && to.fee() == Fee.CANCELLED) {
            add(Entry.Kind.BILL_CANCELLED, null);
        }
        if (from.fee() != to.fee() && to.fee() == Fee.RETURNED) {
            add(Entry.Kind.FEE_RETURNED, null);
        }
    }

    private void add(Entry.Kind kind, @Nullable Instant until) {
        entries.add(new Entry(kind, actor, text, until, now));
    }
}
