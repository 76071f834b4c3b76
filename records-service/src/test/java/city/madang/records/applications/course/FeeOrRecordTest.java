package city.madang.records.applications.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random cities: applicants, officers, identity, payment, the seal and time do what they may in any order, every event is delivered at
 * least once, some of them again and late, those of different subjects in any order. Whatever happens, an application comes to an
 * end, and its fee is returned exactly when nothing was given for it.
 *
 * <p>{@code -Dmadang.cases.seed=S} plays another sequence of cities.
 */
class FeeOrRecordTest {

    private static final int CITIES = 20_000;
    private static final long SEED = Long.getLong("madang.cases.seed", 5);
    private static final Instant START = Instant.parse("2026-11-26T01:00:00Z");

    @Test
    void the_fee_goes_back_exactly_once_if_and_only_if_nothing_was_given_for_it() {
        int[] ends = new int[State.values().length];
        for (int i = 0; i < CITIES; i++) {
            long seed = SEED * CITIES + i;
            City city = new City(seed);
            city.live();
            city.judge();
            ends[city.course.state().ordinal()]++;
        }
        for (State state : List.of(State.COMPLETED, State.REFUSED, State.WITHDRAWN, State.EXPIRED, State.FAILED)) {
            assertTrue(ends[state.ordinal()] > CITIES / 200, state + " was hardly reached: " + ends[state.ordinal()]);
        }
    }

    /** One application and everybody who has to do with it. */
    private static final class City {

        private final long seed;
        private final Random random;
        private final List<Happening> underWay = new ArrayList<>();
        private final List<Happening> delivered = new ArrayList<>();
        private Course course;
        private Instant now = START;

        // the truth at the others: what payment and the seal have really done
        private boolean billed;
        private boolean billCancelled;
        private boolean moneyPaid;
        private int moneyBack;
        private boolean closedHeard;
        private boolean recordStands;
        private int seals;
        private boolean sealing;
        private boolean revoking;
        private int decisionsTold;

        City(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            boolean presents = random.nextBoolean();
            long fee = random.nextInt(4) == 0 ? 0 : 12_000;
            DecidedBy by = DecidedBy.values()[random.nextInt(3)];
            Plan plan = new Plan(
                    presents, fee, by, random.nextInt(3) > 0, random.nextBoolean() ? 30 : 0, random.nextInt(4) == 0);
            course = Course.submitted(plan, now.plus(Duration.ofDays(7)));
            tell(presents ? new Happening.PresentationRequested("t") : new Happening.PresentationWaived());
            if (presents && random.nextInt(20) == 0) {
                tell(new Happening.PresentationRefused());
            }
            if (fee > 0) {
                billed = true;
                tell(new Happening.BillCreated("b", fee));
            }
        }

        void live() {
            for (int i = 0; i < 40; i++) {
                act();
                deliverSome();
            }
            // then everybody does what is theirs, and time passes
            for (int i = 0; i < 12; i++) {
                settle();
            }
        }

        private void act() {
            switch (random.nextInt(16)) {
                case 0, 1 -> present();
                case 2, 3 -> pay();
                case 4 -> wish(new Happening.Claim(officer(), random.nextBoolean()));
                case 5 -> wish(new Happening.Ask(officer(), now.plus(Duration.ofDays(1 + random.nextInt(14)))));
                case 6 -> wish(new Happening.Answer());
                case 7 -> wish(new Happening.Decide(officer(), decision()));
                case 8 -> {
                    if (random.nextInt(8) == 0) {
                        wish(new Happening.Withdraw());
                    }
                }
                case 9 -> wish(new Happening.Appeal());
                case 10 -> pass(Duration.ofHours(random.nextInt(72)));
                case 11, 12 -> sealOrFail();
                case 13 -> credentialOrFail();
                case 14 -> wish(new Happening.Release(officer()));
                default -> payment();
            }
        }

        private void settle() {
            present();
            payment();
            sealing(true);
            if (revoking) {
                revoked();
            }
            credential(true);
            while (!underWay.isEmpty()) {
                deliver(0);
            }
            pass(Duration.ofDays(40));
            if (course.state() == State.DECIDING) {
                wish(new Happening.Claim("x", true));
                wish(new Happening.Decide("x", decision()));
            }
        }

        private String officer() {
            return random.nextBoolean() ? "a" : "b";
        }

        private Decision decision() {
            return random.nextInt(3) == 0 ? Decision.GRANTED : Decision.REFUSED;
        }

        private void present() {
            if (course.plan().presents() && random.nextInt(3) > 0) {
                tell(new Happening.PresentationVerified("t"));
            }
        }

        /** The ledger: a bill is paid or cancelled, never both. */
        private void pay() {
            if (billed && !billCancelled && !moneyPaid) {
                moneyPaid = true;
                tell(new Happening.BillPaid("b"));
            }
        }

        /** Payment's part once it has heard that the application is closed: cancel, or give back; once. */
        private void payment() {
            if (!billed || !closedHeard) {
                return;
            }
            if (!moneyPaid && !billCancelled) {
                billCancelled = true;
                tell(new Happening.BillCancelled("b"));
            } else if (moneyPaid && moneyBack == 0) {
                assertTrue(!recordStands, () -> "money goes back while the record stands, seed " + seed);
                moneyBack++;
                tell(new Happening.FeeReturned("b"));
            }
        }

        private void sealOrFail() {
            sealing(random.nextInt(6) > 0);
        }

        private void sealing(boolean works) {
            if (!sealing) {
                return;
            }
            sealing = false;
            if (works) {
                seals++;
                recordStands = true;
            }
            // told in the transaction that seals or gives up
            take(works ? new Happening.RecordSealed() : new Happening.SealingFailed());
        }

        private void credentialOrFail() {
            credential(random.nextInt(5) > 0);
        }

        private boolean credentialDone;

        private void credential(boolean works) {
            if (!recordStands || credentialDone || !course.plan().credential()) {
                return;
            }
            credentialDone = true;
            if (works) {
                tell(new Happening.CredentialOffered("o"));
                tell(new Happening.CredentialIssued("o"));
            } else {
                tell(new Happening.CredentialFailed());
            }
        }

        private void revoked() {
            revoking = false;
            recordStands = false;
            take(new Happening.RecordRevoked());
        }

        private void pass(Duration time) {
            now = now.plus(time);
            take(new Happening.TimePassed());
        }

        // ---- delivery

        private void tell(Happening.Told told) {
            underWay.add(told);
        }

        private void deliverSome() {
            if (!underWay.isEmpty() && random.nextInt(4) > 0) {
                deliver(random.nextInt(underWay.size()));
            }
            if (!delivered.isEmpty() && random.nextInt(4) == 0) {
                underWay.add(delivered.get(random.nextInt(delivered.size())));
            }
        }

        private void deliver(int index) {
            Happening told = underWay.remove(index);
            delivered.add(told);
            if (take(told) instanceof Step.TooEarly) {
                underWay.add(told);
            }
        }

        private void wish(Happening.Wish wish) {
            take(wish);
        }

        private Step take(Happening happening) {
            Step step = course.take(happening, now);
            switch (step) {
                case Step.Moved moved -> {
                    assertTrue(
                            !course.isClosed() || moved.course().isClosed(),
                            () -> "what is closed stays closed, seed " + seed);
                    course = moved.course();
                    moved.consequences().forEach(this::follow);
                }
                case Step.Contradiction other ->
                    throw new AssertionError("seed " + seed + ": " + happening + " in " + course + ": " + other.why());
                case Step.Known _, Step.TooEarly _, Step.Refused _ -> {}
            }
            return step;
        }

        private void follow(Step.Consequence consequence) {
            switch (consequence) {
                case ASK_RULE -> take(new Happening.RuleDecided(Happening.Verdict.values()[random.nextInt(3)]));
                case SEAL -> sealing = true;
                case TELL_CLOSED -> closedHeard = true;
                case REVOKE_RECORD -> revoking = true;
                case TELL_DECISION -> decisionsTold++;
                case SUPERSEDE, CLOCK_STARTS, CLOCK_PAUSES, CLOCK_RESUMES, CLOCK_STOPS -> {}
            }
        }

        // ---- the judgement

        void judge() {
            String all = "seed " + seed + ": " + course;
            State state = course.state();
            boolean given = state == State.COMPLETED;
            assertTrue(given || course.isClosed(), () -> "it never ended, " + all);
            assertEquals(given, recordStands, () -> "a record stands if and only if it was granted, " + all);
            assertTrue(seals <= 1, () -> "sealed twice, " + all);
            assertTrue(decisionsTold <= 2, () -> "decided too often, " + all);
            assertEquals(
                    moneyPaid && !given ? 1 : 0,
                    moneyBack,
                    () -> "money back exactly once when nothing was given, " + all);
            Fee known = !billed ? Fee.NONE : moneyBack > 0 ? Fee.RETURNED : moneyPaid ? Fee.PAID : Fee.CANCELLED;
            assertEquals(known, course.fee(), () -> "what is known of the fee, " + all);
        }
    }
}
