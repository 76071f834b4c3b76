package city.madang.records.applications.course;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far an application has come. What identity and payment tell arrives in any order between each other and more than once; the
 * end is the same for every order. An application that is {@link Stage.Closed} never gets a record, and one that has a record that
 * counts is never closed: so the fee goes back if, and only if, nothing was given for it.
 *
 * @param bill once there is one
 */
public record Course(Plan plan, Evidence evidence, Fee fee, @Nullable String bill, Stage stage, Holding credential) {

    private static final Step KNOWN = new Step.Known();

    /** @param until when it expires unless all that it needs is there */
    public static Course submitted(Plan plan, Instant until) {
        return new Course(
                plan,
                Evidence.NONE,
                plan.fee() == 0 ? Fee.NONE : Fee.UNBILLED,
                null,
                new Stage.Collecting(until),
                Holding.NONE);
    }

    public State state() {
        return switch (stage) {
            case Stage.Collecting _ -> State.SUBMITTED;
            case Stage.Deciding _ -> State.DECIDING;
            case Stage.Asked _ -> State.ASKED;
            case Stage.Refused _ -> State.REFUSED;
            case Stage.Granted _ -> State.GRANTED;
            case Stage.Sealed _ -> State.SEALED;
            case Stage.Revoking _ -> State.REVOKING;
            case Stage.Completed _ -> State.COMPLETED;
            case Stage.Closed closed -> closed.outcome().state();
        };
    }

    /** How it was decided last, if it was. */
    public @Nullable Decision decision() {
        return switch (stage) {
            case Stage.Granted _, Stage.Sealed _, Stage.Revoking _, Stage.Completed _ -> Decision.GRANTED;
            case Stage.Refused _ -> Decision.REFUSED;
            case Stage.Closed(Outcome outcome) -> outcome == Outcome.REFUSED ? Decision.REFUSED : null;
            case Stage.Collecting _, Stage.Deciding _, Stage.Asked _ -> null;
        };
    }

    public boolean isClosed() {
        return stage instanceof Stage.Closed;
    }

    /** Whether all that a decision needs is there. */
    public boolean everythingIsThere() {
        return evidence.identityReady()
                && (!plan.presents() || evidence.presented())
                && (fee == Fee.NONE || fee == Fee.PAID);
    }

    public Step take(Happening happening, Instant now) {
        return switch (happening) {
            case Happening.Told told -> told(told, now);
            case Happening.Wish wish -> wished(wish, now);
        };
    }

    private Step told(Happening.Told told, Instant now) {
        return switch (told) {
            case Happening.PresentationRequested(String transaction) -> requested(transaction, now);
            case Happening.PresentationWaived _ -> waived(now);
            case Happening.PresentationVerified(String transaction) -> verified(transaction, now);
            case Happening.PresentationRefused _ -> notAsked();
            case Happening.BillCreated(String named, long amount) -> billed(named, amount);
            case Happening.BillPaid(String named) -> billPaid(named, now);
            case Happening.BillCancelled(String named) -> billCancelled(named);
            case Happening.FeeReturned(String named) -> feeReturned(named);
            case Happening.RecordSealed _ -> recordSealed();
            case Happening.SealingFailed _ -> sealingFailed();
            case Happening.CredentialOffered(String offer) -> credential(offer, false);
            case Happening.CredentialIssued(String offer) -> credential(offer, true);
            case Happening.CredentialFailed _ -> credentialFailed();
            case Happening.RecordRevoked _ -> recordRevoked();
            case Happening.RuleDecided(Happening.Verdict verdict) -> ruled(verdict, now);
            case Happening.TimePassed _ -> timePassed(now);
        };
    }

    private Step wished(Happening.Wish wish, Instant now) {
        return switch (wish) {
            case Happening.Claim(String officer, boolean takeOver) -> claimed(officer, takeOver);
            case Happening.Release(String officer) -> released(officer);
            case Happening.Ask(String officer, Instant until) -> asked(officer, until);
            case Happening.Decide(String officer, Decision decision) -> decidedBy(officer, decision, now);
            case Happening.Answer _ -> answered(now);
            case Happening.Withdraw _ -> withdrawn();
            case Happening.Appeal _ -> appealed(now);
        };
    }

    // ---- what identity tells

    private Step requested(String transaction, Instant now) {
        @Nullable Step other = contradictsPresentation(transaction);
        if (other != null) {
            return other;
        }
        return isClosed() || evidence.identityReady()
                ? KNOWN
                : collected(with(new Evidence(transaction, true, evidence.presented())), now);
    }

    private Step waived(Instant now) {
        if (plan.presents()) {
            return new Step.Contradiction("credentials are asked for");
        }
        return isClosed() || evidence.identityReady() ? KNOWN : collected(with(new Evidence(null, true, false)), now);
    }

    private Step verified(String transaction, Instant now) {
        @Nullable Step other = contradictsPresentation(transaction);
        if (other != null) {
            return other;
        }
        return isClosed() || evidence.presented()
                ? KNOWN
                : collected(with(new Evidence(transaction, evidence.identityReady(), true)), now);
    }

    private @Nullable Step contradictsPresentation(String transaction) {
        if (!plan.presents()) {
            return new Step.Contradiction("no credentials are asked for");
        }
        return differs(evidence.transaction(), transaction)
                ? new Step.Contradiction("another presentation was requested")
                : null;
    }

    /** Nothing will be shown, so nothing can be granted; what was shown before counts. */
    private Step notAsked() {
        if (!plan.presents()) {
            return new Step.Contradiction("no credentials are asked for");
        }
        return evidence.presented() || !(stage instanceof Stage.Collecting)
                ? KNOWN
                : closed(Outcome.REFUSED, Step.Consequence.TELL_DECISION);
    }

    // ---- what payment tells

    private Step billed(String named, long amount) {
        if (fee == Fee.NONE || plan.fee() != amount) {
            return new Step.Contradiction("the bill is not over the fee");
        }
        if (differs(bill, named)) {
            return new Step.Contradiction("there is another bill");
        }
        return fee == Fee.UNBILLED ? moved(with(Fee.BILLED, named)) : KNOWN;
    }

    private Step billPaid(String named, Instant now) {
        @Nullable Step other = contradictsBill(named);
        if (other != null) {
            return other;
        }
        return switch (fee) {
            case UNBILLED, BILLED -> collected(with(Fee.PAID, named), now);
            case PAID, RETURNED -> KNOWN;
            case CANCELLED, NONE -> new Step.Contradiction("the bill was cancelled");
        };
    }

    private Step billCancelled(String named) {
        @Nullable Step other = contradictsBill(named);
        if (other != null) {
            return other;
        }
        return switch (fee) {
            case UNBILLED, BILLED -> {
                Course next = with(Fee.CANCELLED, named);
                // without its fee it can never be decided
                yield isClosed() ? moved(next) : next.closed(Outcome.FAILED);
            }
            case CANCELLED -> KNOWN;
            case PAID, RETURNED, NONE -> new Step.Contradiction("the bill was paid");
        };
    }

    private Step feeReturned(String named) {
        @Nullable Step other = contradictsBill(named);
        if (other != null) {
            return other;
        }
        if (!isClosed()) {
            return new Step.Contradiction("the fee is not to be returned");
        }
        return switch (fee) {
            case PAID -> moved(with(Fee.RETURNED, named));
            case RETURNED -> KNOWN;
            case UNBILLED, BILLED -> new Step.TooEarly("the fee is not known to be paid");
            case CANCELLED, NONE -> new Step.Contradiction("nothing was paid");
        };
    }

    private @Nullable Step contradictsBill(String named) {
        if (fee == Fee.NONE) {
            return new Step.Contradiction("there is no fee");
        }
        return differs(bill, named) ? new Step.Contradiction("there is another bill") : null;
    }

    // ---- decisions

    /** What follows by itself when the last of what is needed has come in. */
    private static Step collected(Course next, Instant now) {
        if (!(next.stage instanceof Stage.Collecting) || !next.everythingIsThere()) {
            return moved(next);
        }
        Course deciding = next.at(new Stage.Deciding(Review.first()));
        return switch (next.plan.decidedBy()) {
            case ITSELF -> deciding.decided(Review.first(), Decision.GRANTED, now);
            case RULE -> moved(deciding, Step.Consequence.CLOCK_STARTS, Step.Consequence.ASK_RULE);
            case OFFICER -> moved(deciding, Step.Consequence.CLOCK_STARTS);
        };
    }

    private Step ruled(Happening.Verdict verdict, Instant now) {
        if (!(stage instanceof Stage.Deciding(Review review)) || plan.decidedBy() != DecidedBy.RULE) {
            return new Step.Contradiction("no rule decides here");
        }
        return switch (verdict) {
            case GRANT -> decided(review, Decision.GRANTED, now);
            case REFUSE -> decided(review, Decision.REFUSED, now);
            case OFFICER -> KNOWN;
        };
    }

    private Step decidedBy(String officer, Decision decision, Instant now) {
        @Nullable Decision before = decision();
        if (before != null) {
            return before == decision ? KNOWN : new Step.Refused(Step.Why.ALREADY_DECIDED);
        }
        return switch (review(officer)) {
            case Held.By(Review review) when stage instanceof Stage.Deciding -> decided(review, decision, now);
            case Held.By _ -> new Step.Refused(Step.Why.NOT_READY_TO_DECIDE);
            case Held.Not(Step.Why why) -> new Step.Refused(why);
        };
    }

    private Step decided(Review review, Decision decision, Instant now) {
        if (decision == Decision.GRANTED) {
            return moved(
                    at(new Stage.Granted()),
                    Step.Consequence.TELL_DECISION,
                    Step.Consequence.CLOCK_STOPS,
                    Step.Consequence.SEAL);
        }
        if (review.round() > 1 || plan.appealDays() == 0) {
            return closed(Outcome.REFUSED, Step.Consequence.TELL_DECISION);
        }
        return moved(
                at(new Stage.Refused(review, now.plus(Duration.ofDays(plan.appealDays())))),
                Step.Consequence.TELL_DECISION,
                Step.Consequence.CLOCK_STOPS);
    }

    // ---- what officers want

    /** Whether an officer may act on what is under review. */
    private sealed interface Held {
        record By(Review review) implements Held {}

        record Not(Step.Why why) implements Held {}
    }

    private Held review(String officer) {
        if (plan.decidedBy() == DecidedBy.ITSELF) {
            return new Held.Not(Step.Why.NOT_DECIDED_BY_OFFICERS);
        }
        Review review =
                switch (stage) {
                    case Stage.Deciding(Review deciding) -> deciding;
                    case Stage.Asked(Review asked, Instant _) -> asked;
                    default -> null;
                };
        if (review == null) {
            return new Held.Not(
                    stage instanceof Stage.Collecting ? Step.Why.NOT_READY_TO_DECIDE : Step.Why.ALREADY_DECIDED);
        }
        if (officer.equals(review.notBy())) {
            return new Held.Not(Step.Why.DECIDED_BY_YOU_BEFORE);
        }
        return differs(review.officer(), officer)
                ? new Held.Not(Step.Why.CLAIMED_BY_ANOTHER)
                : new Held.By(review.by(officer));
    }

    private Step claimed(String officer, boolean takeOver) {
        return switch (review(officer)) {
            case Held.By(Review review) -> reviewedBy(review);
            case Held.Not(Step.Why why)
            when why == Step.Why.CLAIMED_BY_ANOTHER && takeOver ->
                reviewedBy(underReview().by(officer));
            case Held.Not(Step.Why why) -> new Step.Refused(why);
        };
    }

    private Step released(String officer) {
        return switch (review(officer)) {
            case Held.By(Review review) -> reviewedBy(review.by(null));
            case Held.Not(Step.Why why) -> new Step.Refused(why);
        };
    }

    private Step reviewedBy(Review review) {
        Course next = at(
                stage instanceof Stage.Asked asked
                        ? new Stage.Asked(review, asked.until())
                        : new Stage.Deciding(review));
        return next.equals(this) ? KNOWN : moved(next);
    }

    private Review underReview() {
        return switch (stage) {
            case Stage.Deciding(Review review) -> review;
            case Stage.Asked(Review review, Instant _) -> review;
            default -> throw new IllegalStateException("nothing is under review");
        };
    }

    private Step asked(String officer, Instant until) {
        return switch (review(officer)) {
            case Held.By _ when stage instanceof Stage.Asked -> new Step.Refused(Step.Why.NOT_READY_TO_DECIDE);
            case Held.By(Review review)
            when review.questions() >= Review.MOST_QUESTIONS -> new Step.Refused(Step.Why.TOO_MANY_QUESTIONS);
            case Held.By(Review review) ->
                moved(at(new Stage.Asked(review.withQuestion(), until)), Step.Consequence.CLOCK_PAUSES);
            case Held.Not(Step.Why why) -> new Step.Refused(why);
        };
    }

    // ---- what the applicant wants

    private Step answered(Instant now) {
        if (!(stage instanceof Stage.Asked(Review review, Instant until))) {
            return new Step.Refused(Step.Why.NOT_ASKED);
        }
        return now.isBefore(until)
                ? moved(at(new Stage.Deciding(review)), Step.Consequence.CLOCK_RESUMES)
                : new Step.Refused(Step.Why.ANSWERED_TOO_LATE);
    }

    /** The applicant gives up. What was refused before stays refused; what was granted can't be taken back. */
    private Step withdrawn() {
        return switch (stage) {
            case Stage.Collecting _ -> closed(Outcome.WITHDRAWN);
            case Stage.Deciding(Review review) -> closed(unless(review, Outcome.WITHDRAWN));
            case Stage.Asked(Review review, Instant _) -> closed(unless(review, Outcome.WITHDRAWN));
            case Stage.Refused _ -> closed(Outcome.REFUSED);
            case Stage.Closed _ -> KNOWN;
            case Stage.Granted _, Stage.Sealed _, Stage.Revoking _, Stage.Completed _ ->
                new Step.Refused(Step.Why.TOO_LATE_TO_WITHDRAW);
        };
    }

    private Step appealed(Instant now) {
        return stage instanceof Stage.Refused(Review review, Instant until) && now.isBefore(until)
                ? moved(at(new Stage.Deciding(review.appealed())), Step.Consequence.CLOCK_STARTS)
                : new Step.Refused(Step.Why.NOT_APPEALABLE);
    }

    // ---- what time does

    private Step timePassed(Instant now) {
        return switch (stage) {
            case Stage.Collecting(Instant until) when !now.isBefore(until) -> closed(Outcome.EXPIRED);
            case Stage.Asked(Review review, Instant until)
            when !now.isBefore(until) -> closed(unless(review, Outcome.EXPIRED));
            case Stage.Refused(Review _, Instant until) when !now.isBefore(until) -> closed(Outcome.REFUSED);
            default -> KNOWN;
        };
    }

    /** An appeal that leads to nothing leaves the refusal as it was. */
    private static Outcome unless(Review review, Outcome outcome) {
        return review.round() > 1 ? Outcome.REFUSED : outcome;
    }

    // ---- what comes out

    private Step recordSealed() {
        return switch (stage) {
            case Stage.Granted _ -> plan.credential() ? moved(at(new Stage.Sealed())) : completed();
            case Stage.Sealed _, Stage.Revoking _, Stage.Completed _ -> KNOWN;
            case Stage.Collecting _, Stage.Deciding _, Stage.Asked _, Stage.Refused _, Stage.Closed _ ->
                new Step.Contradiction("it was not granted");
        };
    }

    private Step sealingFailed() {
        return switch (stage) {
            case Stage.Granted _ -> closed(Outcome.FAILED);
            case Stage.Closed _ -> KNOWN;
            default -> new Step.Contradiction("no record is being sealed");
        };
    }

    private Step credential(String offer, boolean issued) {
        if (!plan.credential()) {
            return new Step.Contradiction("no credential comes with the record");
        }
        if (differs(credential.offer(), offer)) {
            return new Step.Contradiction("another credential was offered");
        }
        Course next = new Course(plan, evidence, fee, bill, stage, new Holding(offer, issued || credential.issued()));
        return switch (stage) {
            case Stage.Sealed _ -> issued ? next.completed() : next.equals(this) ? KNOWN : moved(next);
            case Stage.Completed _, Stage.Revoking _, Stage.Closed _ -> KNOWN;
            default -> new Step.TooEarly("the record is not sealed");
        };
    }

    private Step credentialFailed() {
        if (!plan.credential()) {
            return new Step.Contradiction("no credential comes with the record");
        }
        return switch (stage) {
            case Stage.Sealed _ -> moved(at(new Stage.Revoking()), Step.Consequence.REVOKE_RECORD);
            case Stage.Revoking _, Stage.Closed _ -> KNOWN;
            case Stage.Completed _ -> new Step.Contradiction("the credential was issued");
            default -> new Step.TooEarly("the record is not sealed");
        };
    }

    private Step recordRevoked() {
        return switch (stage) {
            case Stage.Revoking _ -> closed(Outcome.FAILED);
            case Stage.Closed _ -> KNOWN;
            default -> new Step.Contradiction("the record is not being revoked");
        };
    }

    private Step completed() {
        Course next = at(new Stage.Completed());
        return plan.renews() ? moved(next, Step.Consequence.SUPERSEDE) : moved(next);
    }

    private Step closed(Outcome outcome, Step.Consequence... more) {
        Set<Step.Consequence> consequences = EnumSet.of(Step.Consequence.TELL_CLOSED, Step.Consequence.CLOCK_STOPS);
        consequences.addAll(Set.of(more));
        return new Step.Moved(at(new Stage.Closed(outcome)), consequences);
    }

    // ---- copies

    private static Step moved(Course next, Step.Consequence... consequences) {
        return new Step.Moved(next, Set.of(consequences));
    }

    private Course with(Evidence now) {
        return new Course(plan, now, fee, bill, stage, credential);
    }

    private Course with(Fee now, String named) {
        return new Course(plan, evidence, now, named, stage, credential);
    }

    private Course at(Stage now) {
        return new Course(plan, evidence, fee, bill, now, credential);
    }

    private static boolean differs(@Nullable String known, String named) {
        return known != null && !known.equals(named);
    }
}
