package city.madang.records.applications.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CourseTest {

    private static final Plan EVERYTHING = new Plan(true, 12_000, false, true);

    private static final List<Happening> FROM_OUTSIDE = List.of(
            new Happening.PresentationRequested("t"),
            new Happening.PresentationVerified("t"),
            new Happening.BillCreated("b", 12_000),
            new Happening.BillPaid("b"));

    @Test
    void every_order_of_identity_and_payment_ends_the_same_and_seals_once() {
        List<List<Happening>> orders = permutations(FROM_OUTSIDE);
        assertEquals(24, orders.size());
        for (List<Happening> order : orders) {
            Course course = Course.submitted(EVERYTHING);
            int seals = 0;
            for (Happening happening : order) {
                // a bill that is paid needs not be created any more: then the creation is known
                if (course.take(happening) instanceof Step.Moved moved) {
                    course = moved.course();
                    seals += moved.consequences().contains(Step.Consequence.SEAL) ? 1 : 0;
                } else {
                    assertInstanceOf(Step.Known.class, course.take(happening), order::toString);
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
            Course course = Course.submitted(EVERYTHING);
            for (int i = 0; i < order.size(); i++) {
                course = course.take(order.get(i)) instanceof Step.Moved moved ? moved.course() : course;
                for (Happening before : order.subList(0, i + 1)) {
                    Step again = course.take(before);
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
        Course course = Course.submitted(EVERYTHING);
        Step.Moved refused = (Step.Moved) course.take(new Happening.PresentationRefused());
        assertEquals(State.REFUSED, refused.course().state());
        assertEquals(java.util.Set.of(Step.Consequence.TELL_DECISION), refused.consequences());
        assertInstanceOf(Step.Known.class, refused.course().take(new Happening.PresentationRefused()));
        Step.Moved late = (Step.Moved) refused.course().take(new Happening.BillPaid("b"));
        assertEquals(State.REFUSED, late.course().state());
        assertTrue(late.consequences().isEmpty());
        Course requested = ((Step.Moved) course.take(new Happening.PresentationRequested("t"))).course();
        Course shown = ((Step.Moved) requested.take(new Happening.PresentationVerified("t"))).course();
        assertInstanceOf(Step.Known.class, shown.take(new Happening.PresentationRefused()));
        assertInstanceOf(
                Step.Contradiction.class,
                Course.submitted(new Plan(false, 0, false, false)).take(new Happening.PresentationRefused()));
    }

    @Test
    void what_contradicts_is_refused() {
        Course course = Course.submitted(EVERYTHING);
        assertInstanceOf(Step.Contradiction.class, course.take(new Happening.BillCreated("b", 11_999)));
        assertInstanceOf(Step.Contradiction.class, course.take(new Happening.PresentationWaived()));
        assertInstanceOf(Step.Contradiction.class, course.take(new Happening.OfficerDecided(Decision.GRANTED)));
        assertInstanceOf(Step.Contradiction.class, course.take(new Happening.RecordSealed()));
        Course billed = ((Step.Moved) course.take(new Happening.BillCreated("b", 12_000))).course();
        assertInstanceOf(Step.Contradiction.class, billed.take(new Happening.BillPaid("another")));
        Course requested = ((Step.Moved) course.take(new Happening.PresentationRequested("t"))).course();
        assertInstanceOf(Step.Contradiction.class, requested.take(new Happening.PresentationVerified("u")));
        Course free = Course.submitted(new Plan(false, 0, false, false));
        assertInstanceOf(Step.Contradiction.class, free.take(new Happening.BillPaid("b")));
        assertInstanceOf(Step.Contradiction.class, free.take(new Happening.PresentationVerified("t")));
    }

    @Test
    void an_officer_decides_only_when_everything_is_there_and_only_once() {
        Course course = Course.submitted(new Plan(false, 5, true, true));
        assertInstanceOf(Step.TooEarly.class, course.take(new Happening.OfficerDecided(Decision.GRANTED)));
        course = ((Step.Moved) course.take(new Happening.PresentationWaived())).course();
        course = ((Step.Moved) course.take(new Happening.BillPaid("b"))).course();
        assertEquals(State.DECIDING, course.state());
        Step.Moved refused = (Step.Moved) course.take(new Happening.OfficerDecided(Decision.REFUSED));
        assertEquals(State.REFUSED, refused.course().state());
        assertTrue(!refused.consequences().contains(Step.Consequence.SEAL));
        assertInstanceOf(Step.Known.class, refused.course().take(new Happening.OfficerDecided(Decision.REFUSED)));
        assertInstanceOf(
                Step.Contradiction.class, refused.course().take(new Happening.OfficerDecided(Decision.GRANTED)));
    }

    @Test
    void it_is_completed_by_the_credential_whichever_of_offer_and_issue_comes_first() {
        Course granted = ((Step.Moved)
                        Course.submitted(new Plan(false, 0, false, true)).take(new Happening.PresentationWaived()))
                .course();
        assertEquals(State.GRANTED, granted.state());
        assertInstanceOf(Step.TooEarly.class, granted.take(new Happening.CredentialIssued("o")));
        Course sealed = ((Step.Moved) granted.take(new Happening.RecordSealed())).course();
        assertEquals(State.SEALED, sealed.state());
        assertInstanceOf(Step.Known.class, sealed.take(new Happening.RecordSealed()));
        for (List<Happening> order :
                permutations(List.of(new Happening.CredentialOffered("o"), new Happening.CredentialIssued("o")))) {
            Course course = sealed;
            for (Happening happening : order) {
                course = course.take(happening) instanceof Step.Moved moved ? moved.course() : course;
            }
            assertEquals(State.COMPLETED, course.state());
        }
    }

    @Test
    void without_a_credential_it_is_completed_by_the_seal() {
        Course granted = ((Step.Moved)
                        Course.submitted(new Plan(false, 0, false, false)).take(new Happening.PresentationWaived()))
                .course();
        assertEquals(
                State.COMPLETED,
                ((Step.Moved) granted.take(new Happening.RecordSealed()))
                        .course()
                        .state());
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
