package city.madang.records.applications.course;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far an application has come. Happenings of identity and payment arrive in any order between each other and more
 * than once; the end is the same for every order.
 *
 * @param identityReady identity has named the key to which the claims of a credential are handed over
 */
public record Course(
        Plan plan,
        @Nullable String transaction,
        boolean identityReady,
        boolean presented,
        @Nullable String bill,
        boolean paid,
        @Nullable Decision decision,
        boolean sealed,
        @Nullable String offer,
        boolean issued) {

    public static Course submitted(Plan plan) {
        return new Course(plan, null, false, false, null, false, null, false, null, false);
    }

    public State state() {
        if (decision == Decision.REFUSED) {
            return State.REFUSED;
        }
        if (sealed) {
            return plan.credential() && !issued ? State.SEALED : State.COMPLETED;
        }
        if (decision == Decision.GRANTED) {
            return State.GRANTED;
        }
        return plan.officer() && everythingIsThere() ? State.DECIDING : State.SUBMITTED;
    }

    /** Whether all that a decision needs is there. */
    public boolean everythingIsThere() {
        return identityReady && (!plan.presents() || presented) && (plan.fee() == 0 || paid);
    }

    public Step take(Happening happening) {
        return switch (happening) {
            case Happening.PresentationRequested requested -> requested(requested.transaction());
            case Happening.PresentationWaived waived -> waived();
            case Happening.PresentationVerified verified -> verified(verified.transaction());
            case Happening.PresentationRefused refused -> notAsked();
            case Happening.BillCreated created -> billed(created);
            case Happening.BillPaid paidBill -> billPaid(paidBill.bill());
            case Happening.OfficerDecided decided -> decided(decided.decision());
            case Happening.RecordSealed now -> recordSealed();
            case Happening.CredentialOffered offered -> offered(offered.offer());
            case Happening.CredentialIssued issuedNow -> issued(issuedNow.offer());
        };
    }

    private Step requested(String named) {
        if (!plan.presents()) {
            return new Step.Contradiction("no credentials are asked for");
        }
        if (differs(transaction, named)) {
            return new Step.Contradiction("another presentation was requested");
        }
        return identityReady
                ? new Step.Known()
                : moved(new Course(plan, named, true, presented, bill, paid, decision, sealed, offer, issued));
    }

    private Step waived() {
        if (plan.presents()) {
            return new Step.Contradiction("credentials are asked for");
        }
        return identityReady
                ? new Step.Known()
                : moved(new Course(plan, null, true, presented, bill, paid, decision, sealed, offer, issued));
    }

    private Step verified(String named) {
        if (!plan.presents()) {
            return new Step.Contradiction("no credentials are asked for");
        }
        if (differs(transaction, named)) {
            return new Step.Contradiction("another presentation was requested");
        }
        return presented
                ? new Step.Known()
                : moved(new Course(plan, named, identityReady, true, bill, paid, decision, sealed, offer, issued));
    }

    /** Nothing will be shown, so nothing can be granted; what was shown before counts. */
    private Step notAsked() {
        if (!plan.presents()) {
            return new Step.Contradiction("no credentials are asked for");
        }
        return presented || decision != null ? new Step.Known() : decide(this, Decision.REFUSED);
    }

    private Step billed(Happening.BillCreated created) {
        if (plan.fee() == 0 || plan.fee() != created.amount()) {
            return new Step.Contradiction("the bill is not over the fee");
        }
        if (differs(bill, created.bill())) {
            return new Step.Contradiction("there is another bill");
        }
        return bill != null
                ? new Step.Known()
                : moved(new Course(
                        plan,
                        transaction,
                        identityReady,
                        presented,
                        created.bill(),
                        paid,
                        decision,
                        sealed,
                        offer,
                        issued));
    }

    private Step billPaid(String named) {
        if (plan.fee() == 0) {
            return new Step.Contradiction("there is no fee");
        }
        if (differs(bill, named)) {
            return new Step.Contradiction("there is another bill");
        }
        return paid
                ? new Step.Known()
                : moved(new Course(
                        plan, transaction, identityReady, presented, named, true, decision, sealed, offer, issued));
    }

    private Step decided(Decision made) {
        if (!plan.officer()) {
            return new Step.Contradiction("no officer decides here");
        }
        if (decision != null) {
            return decision == made ? new Step.Known() : new Step.Contradiction("it was decided otherwise");
        }
        return everythingIsThere()
                ? decide(this, made)
                : new Step.TooEarly("the presentation or the payment is missing");
    }

    private Step recordSealed() {
        if (decision != Decision.GRANTED) {
            return new Step.Contradiction("it was not granted");
        }
        return sealed
                ? new Step.Known()
                : new Step.Moved(
                        new Course(
                                plan, transaction, identityReady, presented, bill, paid, decision, true, offer, issued),
                        Set.of());
    }

    private Step offered(String named) {
        @Nullable Step refused = refusedCredential(named);
        if (refused != null) {
            return refused;
        }
        return offer != null ? new Step.Known() : credential(named, issued);
    }

    private Step issued(String named) {
        @Nullable Step refused = refusedCredential(named);
        if (refused != null) {
            return refused;
        }
        return issued ? new Step.Known() : credential(named, true);
    }

    private @Nullable Step refusedCredential(String named) {
        if (!plan.credential()) {
            return new Step.Contradiction("no credential comes with the record");
        }
        if (differs(offer, named)) {
            return new Step.Contradiction("another credential was offered");
        }
        return sealed ? null : new Step.TooEarly("the record is not sealed");
    }

    private Step credential(String named, boolean nowIssued) {
        return new Step.Moved(
                new Course(plan, transaction, identityReady, presented, bill, paid, decision, sealed, named, nowIssued),
                Set.of());
    }

    /** What follows from a move by itself: the decision, where no officer makes it. */
    private static Step moved(Course next) {
        boolean decides = next.decision == null && !next.plan.officer() && next.everythingIsThere();
        return decides ? decide(next, Decision.GRANTED) : new Step.Moved(next, Set.of());
    }

    private static Step decide(Course from, Decision made) {
        Set<Step.Consequence> consequences = EnumSet.of(Step.Consequence.TELL_DECISION);
        if (made == Decision.GRANTED) {
            consequences.add(Step.Consequence.SEAL);
        }
        return new Step.Moved(
                new Course(
                        from.plan,
                        from.transaction,
                        from.identityReady,
                        from.presented,
                        from.bill,
                        from.paid,
                        made,
                        from.sealed,
                        from.offer,
                        from.issued),
                consequences);
    }

    private static boolean differs(@Nullable String known, String named) {
        return known != null && !known.equals(named);
    }
}
