package city.madang.records.applications.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CourseTest {

    private static final Instant NOW = Instant.parse("2026-11-26T01:00:00Z");
    private static final Instant EXPIRES = NOW.plus(Duration.ofDays(7));
    private static final Instant ANSWER_BY = NOW.plus(Duration.ofDays(14));

    private static final Plan AUTOMATIC = new Plan(true, 12_000, DecidedBy.ITSELF, true, 0, false);
    private static final Plan OFFICER = new Plan(true, 12_000, DecidedBy.OFFICER, true, 90, false);
    private static final Plan FREE = new Plan(false, 0, DecidedBy.ITSELF, true, 0, false);

    private static final List<Happening> FROM_OUTSIDE = List.of(
            new Happening.PresentationRequested("t"),
            new Happening.PresentationVerified("t"),
            new Happening.BillCreated("b", 12_000),
            new Happening.BillPaid("b"));

    // ---- a table: what leads where

    private record Row(String what, Course from, Happening happening, Object leadsTo) {}

    private static Course collecting() {
        return Course.submitted(OFFICER, EXPIRES);
    }

    private static Course deciding() {
        return after(collecting(), FROM_OUTSIDE.toArray(Happening[]::new));
    }

    private static Course asked() {
        return after(deciding(), new Happening.Ask("a", ANSWER_BY));
    }

    private static Course refused() {
        return after(deciding(), new Happening.Decide("a", Decision.REFUSED));
    }

    private static Course appealed() {
        return after(refused(), new Happening.Appeal());
    }

    private static Course granted() {
        return after(deciding(), new Happening.Decide("a", Decision.GRANTED));
    }

    private static Course sealed() {
        return after(granted(), new Happening.RecordSealed());
    }

    private static Course revoking() {
        return after(sealed(), new Happening.CredentialFailed());
    }

    private static Course completed() {
        return after(sealed(), new Happening.CredentialIssued("o"));
    }

    private static Course withdrawn() {
        return after(collecting(), new Happening.Withdraw());
    }

    private static List<Row> table() {
        Happening withdraw = new Happening.Withdraw();
        Happening appeal = new Happening.Appeal();
        Happening answer = new Happening.Answer();
        Happening grant = new Happening.Decide("a", Decision.GRANTED);
        Happening refuse = new Happening.Decide("a", Decision.REFUSED);
        Happening byAnother = new Happening.Decide("b", Decision.REFUSED);
        return List.of(
                new Row("withdrawn before anything", collecting(), withdraw, State.WITHDRAWN),
                new Row("withdrawn under review", deciding(), withdraw, State.WITHDRAWN),
                new Row("withdrawn instead of an answer", asked(), withdraw, State.WITHDRAWN),
                new Row("a refusal accepted", refused(), withdraw, State.REFUSED),
                new Row("an appeal given up leaves the refusal", appealed(), withdraw, State.REFUSED),
                new Row("granted is not withdrawn", granted(), withdraw, Step.Why.TOO_LATE_TO_WITHDRAW),
                new Row("sealed is not withdrawn", sealed(), withdraw, Step.Why.TOO_LATE_TO_WITHDRAW),
                new Row("completed is not withdrawn", completed(), withdraw, Step.Why.TOO_LATE_TO_WITHDRAW),
                new Row("decided before all is there", collecting(), grant, Step.Why.NOT_READY_TO_DECIDE),
                new Row("decided while asked", asked(), grant, Step.Why.NOT_READY_TO_DECIDE),
                new Row("granted", deciding(), grant, State.GRANTED),
                new Row("refused", deciding(), refuse, State.REFUSED),
                new Row("granted after a refusal", refused(), grant, Step.Why.ALREADY_DECIDED),
                new Row("refused after a grant", granted(), refuse, Step.Why.ALREADY_DECIDED),
                new Row("the appeal by who refused", appealed(), grant, Step.Why.DECIDED_BY_YOU_BEFORE),
                new Row(
                        "the appeal claimed by who refused",
                        appealed(),
                        new Happening.Claim("a", true),
                        Step.Why.DECIDED_BY_YOU_BEFORE),
                new Row("the appeal by another", appealed(), byAnother, State.REFUSED),
                new Row(
                        "claimed by another",
                        after(deciding(), new Happening.Claim("b", false)),
                        grant,
                        Step.Why.CLAIMED_BY_ANOTHER),
                new Row(
                        "taken over",
                        after(deciding(), new Happening.Claim("b", false)),
                        new Happening.Claim("a", true),
                        State.DECIDING),
                new Row(
                        "not taken over",
                        after(deciding(), new Happening.Claim("b", false)),
                        new Happening.Claim("a", false),
                        Step.Why.CLAIMED_BY_ANOTHER),
                new Row("asked", deciding(), new Happening.Ask("a", ANSWER_BY), State.ASKED),
                new Row("answered", asked(), answer, State.DECIDING),
                new Row("answered unasked", deciding(), answer, Step.Why.NOT_ASKED),
                new Row("an appeal", refused(), appeal, State.DECIDING),
                new Row("an appeal against nothing", deciding(), appeal, Step.Why.NOT_APPEALABLE),
                new Row("a second appeal", after(appealed(), byAnother), appeal, Step.Why.NOT_APPEALABLE),
                new Row(
                        "asking without a service that is decided by officers",
                        Course.submitted(AUTOMATIC, EXPIRES),
                        grant,
                        Step.Why.NOT_DECIDED_BY_OFFICERS),
                new Row("sealing failed", granted(), new Happening.SealingFailed(), State.FAILED),
                new Row("the credential failed", sealed(), new Happening.CredentialFailed(), State.REVOKING),
                new Row("the record revoked", revoking(), new Happening.RecordRevoked(), State.FAILED),
                new Row(
                        "the bill cancelled by its agency",
                        collecting(),
                        new Happening.BillCancelled("b"),
                        State.FAILED),
                new Row(
                        "the fee returned too early",
                        deciding(),
                        new Happening.FeeReturned("b"),
                        Step.Contradiction.class),
                new Row(
                        "the fee of what is completed",
                        completed(),
                        new Happening.FeeReturned("b"),
                        Step.Contradiction.class),
                new Row(
                        "sealed after it was withdrawn",
                        withdrawn(),
                        new Happening.RecordSealed(),
                        Step.Contradiction.class),
                new Row("a late payment", withdrawn(), new Happening.BillPaid("b"), State.WITHDRAWN));
    }

    @TestFactory
    Stream<DynamicTest> every_wish_and_fact_leads_where_it_should() {
        return table().stream()
                .map(row -> DynamicTest.dynamicTest(row.what(), () -> {
                    Step step = row.from().take(row.happening(), NOW);
                    switch (row.leadsTo()) {
                        case State state ->
                            assertEquals(
                                    state,
                                    assertInstanceOf(Step.Moved.class, step)
                                            .course()
                                            .state());
                        case Step.Why why -> assertEquals(new Step.Refused(why), step);
                        case Class<?> kind -> assertInstanceOf(kind, step);
                        default -> throw new IllegalStateException();
                    }
                }));
    }

    // ---- time

    @Test
    void time_ends_what_waits_and_not_a_moment_too_early() {
        record Waits(Course course, Instant until, State then) {}
        for (Waits waits : List.of(
                new Waits(collecting(), EXPIRES, State.EXPIRED),
                new Waits(asked(), ANSWER_BY, State.EXPIRED),
                new Waits(refused(), NOW.plus(Duration.ofDays(90)), State.REFUSED),
                new Waits(after(appealed(), new Happening.Ask("b", ANSWER_BY)), ANSWER_BY, State.REFUSED))) {
            Happening passed = new Happening.TimePassed();
            assertInstanceOf(
                    Step.Known.class, waits.course().take(passed, waits.until().minusNanos(1)));
            Step.Moved moved = (Step.Moved) waits.course().take(passed, waits.until());
            assertEquals(waits.then(), moved.course().state());
            assertTrue(moved.course().isClosed());
            assertTrue(moved.consequences().contains(Step.Consequence.TELL_CLOSED));
        }
        assertEquals(new Step.Refused(Step.Why.ANSWERED_TOO_LATE), asked().take(new Happening.Answer(), ANSWER_BY));
        assertEquals(
                new Step.Refused(Step.Why.NOT_APPEALABLE),
                refused().take(new Happening.Appeal(), NOW.plus(Duration.ofDays(90))));
        for (Course course : List.of(deciding(), granted(), sealed(), completed(), withdrawn())) {
            assertInstanceOf(Step.Known.class, course.take(new Happening.TimePassed(), Instant.MAX));
        }
    }

    @Test
    void the_clock_runs_while_officers_have_it_and_rests_while_the_applicant_does() {
        Course almost = after(collecting(), FROM_OUTSIDE.subList(0, 3).toArray(Happening[]::new));
        assertEquals(Set.of(Step.Consequence.CLOCK_STARTS), follows(almost, new Happening.BillPaid("b")));
        assertEquals(Set.of(Step.Consequence.CLOCK_PAUSES), follows(deciding(), new Happening.Ask("a", ANSWER_BY)));
        assertEquals(Set.of(Step.Consequence.CLOCK_RESUMES), follows(asked(), new Happening.Answer()));
        assertEquals(Set.of(Step.Consequence.CLOCK_STARTS), follows(refused(), new Happening.Appeal()));
        assertTrue(follows(deciding(), new Happening.Decide("a", Decision.GRANTED))
                .contains(Step.Consequence.CLOCK_STOPS));
    }

    @Test
    void a_refusal_becomes_final_only_when_no_appeal_is_possible_any_more() {
        assertTrue(!follows(deciding(), new Happening.Decide("a", Decision.REFUSED))
                .contains(Step.Consequence.TELL_CLOSED));
        assertTrue(follows(appealed(), new Happening.Decide("b", Decision.REFUSED))
                .containsAll(Set.of(Step.Consequence.TELL_DECISION, Step.Consequence.TELL_CLOSED)));
        Course noAppeal = after(
                Course.submitted(new Plan(false, 0, DecidedBy.OFFICER, false, 0, false), EXPIRES),
                new Happening.PresentationWaived());
        assertTrue(
                follows(noAppeal, new Happening.Decide("a", Decision.REFUSED)).contains(Step.Consequence.TELL_CLOSED));
    }

    @Test
    void a_rule_decides_at_once_or_leaves_it_to_an_officer() {
        Course asks = after(
                Course.submitted(new Plan(false, 0, DecidedBy.RULE, false, 30, false), EXPIRES),
                new Happening.PresentationWaived());
        assertEquals(State.DECIDING, asks.state());
        assertEquals(
                State.GRANTED,
                after(asks, new Happening.RuleDecided(Happening.Verdict.GRANT)).state());
        assertEquals(
                State.REFUSED,
                after(asks, new Happening.RuleDecided(Happening.Verdict.REFUSE)).state());
        assertInstanceOf(Step.Known.class, asks.take(new Happening.RuleDecided(Happening.Verdict.OFFICER), NOW));
        assertEquals(
                State.GRANTED,
                after(asks, new Happening.Decide("a", Decision.GRANTED)).state());
        // an appeal against a rule is for any officer
        Course appealed = after(asks, new Happening.RuleDecided(Happening.Verdict.REFUSE), new Happening.Appeal());
        assertEquals(
                State.GRANTED,
                after(appealed, new Happening.Decide("a", Decision.GRANTED)).state());
    }

    @Test
    void a_renewal_supersedes_the_old_record_when_the_new_credential_is_issued_and_not_before() {
        Course granted = after(
                Course.submitted(new Plan(false, 0, DecidedBy.ITSELF, true, 0, true), EXPIRES),
                new Happening.PresentationWaived());
        assertEquals(Set.of(), follows(granted, new Happening.RecordSealed()));
        Course sealed = after(granted, new Happening.RecordSealed());
        assertEquals(Set.of(), follows(sealed, new Happening.CredentialOffered("o")));
        assertEquals(Set.of(Step.Consequence.SUPERSEDE), follows(sealed, new Happening.CredentialIssued("o")));
        Course plain = after(
                Course.submitted(new Plan(false, 0, DecidedBy.ITSELF, false, 0, true), EXPIRES),
                new Happening.PresentationWaived());
        assertEquals(Set.of(Step.Consequence.SUPERSEDE), follows(plain, new Happening.RecordSealed()));
    }

    @Test
    void an_applicant_is_asked_at_most_ten_times() {
        Course course = deciding();
        for (int i = 0; i < 10; i++) {
            course = after(course, new Happening.Ask("a", ANSWER_BY), new Happening.Answer());
        }
        assertEquals(
                new Step.Refused(Step.Why.TOO_MANY_QUESTIONS), course.take(new Happening.Ask("a", ANSWER_BY), NOW));
    }

    // ---- orders and duplicates

    @Test
    void every_order_of_identity_and_payment_ends_the_same_and_seals_once() {
        List<List<Happening>> orders = permutations(FROM_OUTSIDE);
        assertEquals(24, orders.size());
        for (List<Happening> order : orders) {
            Course course = Course.submitted(AUTOMATIC, EXPIRES);
            int seals = 0;
            for (Happening happening : order) {
                // a bill that is paid needs not be created any more: then the creation is known
                if (course.take(happening, NOW) instanceof Step.Moved moved) {
                    course = moved.course();
                    seals += moved.consequences().contains(Step.Consequence.SEAL) ? 1 : 0;
                } else {
                    assertInstanceOf(Step.Known.class, course.take(happening, NOW), order::toString);
                    assertInstanceOf(Happening.BillCreated.class, happening);
                }
            }
            assertEquals(State.GRANTED, course.state(), order::toString);
            assertEquals(1, seals, order::toString);
        }
    }

    @Test
    void a_duplicate_changes_nothing_wherever_it_comes() {
        for (List<Happening> order : permutations(FROM_OUTSIDE)) {
            Course course = Course.submitted(AUTOMATIC, EXPIRES);
            for (int i = 0; i < order.size(); i++) {
                course = course.take(order.get(i), NOW) instanceof Step.Moved moved ? moved.course() : course;
                for (Happening before : order.subList(0, i + 1)) {
                    Step again = course.take(before, NOW);
                    boolean nothing = again instanceof Step.Known
                            || again instanceof Step.Moved moved
                                    && moved.course().equals(course)
                                    && moved.consequences().isEmpty();
                    assertTrue(nothing, order + " then " + before + " again gave " + again);
                }
            }
        }
    }

    @Test
    void an_application_for_which_nothing_may_be_asked_is_refused_once_and_a_late_payment_changes_nothing() {
        Course course = Course.submitted(AUTOMATIC, EXPIRES);
        Step.Moved refused = (Step.Moved) course.take(new Happening.PresentationRefused(), NOW);
        assertEquals(State.REFUSED, refused.course().state());
        assertTrue(refused.consequences()
                .containsAll(Set.of(Step.Consequence.TELL_DECISION, Step.Consequence.TELL_CLOSED)));
        assertInstanceOf(Step.Known.class, refused.course().take(new Happening.PresentationRefused(), NOW));
        Step.Moved late = (Step.Moved) refused.course().take(new Happening.BillPaid("b"), NOW);
        assertEquals(State.REFUSED, late.course().state());
        assertTrue(late.consequences().isEmpty());
        Course shown = after(course, FROM_OUTSIDE.get(0), FROM_OUTSIDE.get(1));
        assertInstanceOf(Step.Known.class, shown.take(new Happening.PresentationRefused(), NOW));
        assertInstanceOf(
                Step.Contradiction.class,
                Course.submitted(FREE, EXPIRES).take(new Happening.PresentationRefused(), NOW));
    }

    @Test
    void what_contradicts_is_refused() {
        Course course = Course.submitted(AUTOMATIC, EXPIRES);
        for (Happening.Told wrong : List.<Happening.Told>of(
                new Happening.BillCreated("b", 11_999),
                new Happening.PresentationWaived(),
                new Happening.RuleDecided(Happening.Verdict.GRANT),
                new Happening.RecordSealed())) {
            assertInstanceOf(Step.Contradiction.class, course.take(wrong, NOW));
        }
        Course billed = after(course, new Happening.BillCreated("b", 12_000));
        assertInstanceOf(Step.Contradiction.class, billed.take(new Happening.BillPaid("another"), NOW));
        Course requested = after(course, new Happening.PresentationRequested("t"));
        assertInstanceOf(Step.Contradiction.class, requested.take(new Happening.PresentationVerified("u"), NOW));
        Course free = Course.submitted(FREE, EXPIRES);
        assertInstanceOf(Step.Contradiction.class, free.take(new Happening.BillPaid("b"), NOW));
        assertInstanceOf(Step.Contradiction.class, free.take(new Happening.PresentationVerified("t"), NOW));
    }

    @Test
    void it_is_completed_by_the_credential_whichever_of_offer_and_issue_comes_first() {
        Course granted = after(Course.submitted(FREE, EXPIRES), new Happening.PresentationWaived());
        assertInstanceOf(Step.TooEarly.class, granted.take(new Happening.CredentialIssued("o"), NOW));
        Course sealed = after(granted, new Happening.RecordSealed());
        assertInstanceOf(Step.Known.class, sealed.take(new Happening.RecordSealed(), NOW));
        for (List<Happening> order :
                permutations(List.of(new Happening.CredentialOffered("o"), new Happening.CredentialIssued("o")))) {
            Course course = sealed;
            for (Happening happening : order) {
                course = course.take(happening, NOW) instanceof Step.Moved moved ? moved.course() : course;
            }
            assertEquals(State.COMPLETED, course.state());
        }
    }

    @Test
    void without_a_credential_it_is_completed_by_the_seal() {
        Course granted = after(
                Course.submitted(new Plan(false, 0, DecidedBy.ITSELF, false, 0, false), EXPIRES),
                new Happening.PresentationWaived());
        assertEquals(
                State.COMPLETED, after(granted, new Happening.RecordSealed()).state());
    }

    /** Each must move it. */
    static Course after(Course course, Happening... happenings) {
        Course now = course;
        for (Happening happening : happenings) {
            now = assertInstanceOf(Step.Moved.class, now.take(happening, NOW), happening::toString)
                    .course();
        }
        return now;
    }

    private static Set<Step.Consequence> follows(Course course, Happening happening) {
        return assertInstanceOf(Step.Moved.class, course.take(happening, NOW)).consequences();
    }

    private static List<List<Happening>> permutations(List<Happening> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Happening>> all = new ArrayList<>();
        for (Happening first : items) {
            List<Happening> rest = new ArrayList<>(items);
            rest.remove(first);
            for (List<Happening> tail : permutations(rest)) {
                List<Happening> order = new ArrayList<>(List.of(first));
                order.addAll(tail);
                all.add(order);
            }
        }
        return all;
    }
}
