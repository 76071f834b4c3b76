package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PayAuthorisation;
import city.madang.payment.accounts.Owner;
import city.madang.payment.authorisations.Snapshot.BillState;
import city.madang.payment.authorisations.Snapshot.PayerState;
import city.madang.payment.authorisations.Snapshot.PaymentState;
import city.madang.payment.authorisations.Snapshot.UsedNonce;
import city.madang.payment.problems.PaymentProblem;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JudgeTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_795_000_000);
    private static final Window WINDOW =
            new Window(Duration.ofSeconds(60), Duration.ofDays(30), ZoneId.of("Asia/Seoul"));
    private static final Owner OWNER = Owner.citizen("someone");

    private static Bytes32 number(long number) {
        return Bytes32.of(BigInteger.valueOf(number));
    }

    /** A batch of anything, with a snapshot in which much of it can go wrong. */
    private record Scene(Snapshot snapshot, List<Submission> batch) {

        static Scene random(long seed) {
            Random random = new Random(seed);
            Map<Bytes32, PayerState> payers = new HashMap<>();
            for (int i = 1; i <= 3; i++) {
                payers.put(
                        number(i),
                        new PayerState(
                                OWNER,
                                1,
                                null,
                                false,
                                random.nextInt(10) == 0,
                                random.nextInt(500),
                                random.nextInt(3) == 0 ? 100L : null,
                                random.nextInt(3) == 0 ? (long) random.nextInt(400) : null));
            }
            Map<Bytes32, BillState> bills = new HashMap<>();
            for (int i = 1; i <= 4; i++) {
                bills.put(
                        number(100 + i),
                        new BillState(
                                new UUID(0, i),
                                number(9),
                                50,
                                random.nextInt(3) == 0 ? random.nextInt(50) : 50,
                                i > 2,
                                random.nextInt(5) == 0));
            }
            Map<Bytes32, PaymentState> refundable = new HashMap<>();
            for (int i = 1; i <= 2; i++) {
                refundable.put(
                        number(200 + i),
                        new PaymentState(number(10 - i), OWNER, random.nextInt(4) != 0, random.nextInt(120)));
            }
            Set<UsedNonce> used = Set.of(new UsedNonce(number(1), BigInteger.ONE));
            Snapshot snapshot = new Snapshot(
                    payers,
                    Set.of(number(9)),
                    Set.of(new Snapshot.CapturerOf(number(9), number(9))),
                    bills,
                    refundable,
                    Map.of(),
                    used,
                    Map.of());
            List<Submission> batch = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                batch.add(submission(random));
            }
            return new Scene(snapshot, batch);
        }

        private static Submission submission(Random random) {
            Bytes32 payer = number(1 + random.nextInt(3));
            BigInteger nonce = BigInteger.valueOf(random.nextInt(60));
            Bytes32 bill = number(101 + random.nextInt(4));
            Bytes32 refunded = number(201 + random.nextInt(2));
            long amount = 1 + random.nextInt(120);
            String key = random.nextInt(4) == 0 ? "key " + random.nextInt(6) : null;
            return switch (random.nextInt(4)) {
                case 0 -> submission(random, payer, nonce, 50, bill, new Terms(null, null, null, key));
                case 1 ->
                    submission(
                            random,
                            payer,
                            nonce,
                            amount,
                            Reference.instalment(bill, payer, nonce),
                            new Terms(bill, null, null, key));
                case 2 ->
                    submission(
                            random,
                            payer,
                            nonce,
                            amount,
                            Reference.refund(refunded, payer, nonce),
                            new Terms(null, refunded, null, key));
                default ->
                    submission(
                            random,
                            payer,
                            nonce,
                            amount,
                            Bytes32.ZERO,
                            new Terms(null, null, random.nextBoolean() ? null : hold(random), key));
            };
        }

        private static Terms.Hold hold(Random random) {
            return new Terms.Hold(NOW.getEpochSecond() + 100, number(random.nextInt(20) == 0 ? 8 : 9));
        }

        private static Submission submission(
                Random random, Bytes32 payer, BigInteger nonce, long amount, Bytes32 billHash, Terms terms) {
            PayAuthorisation pay = new PayAuthorisation(
                    payer,
                    1,
                    number(random.nextInt(12) == 0 ? 1 + random.nextInt(3) : 9),
                    amount,
                    billHash,
                    nonce,
                    0,
                    NOW.getEpochSecond() + 1_000);
            return Submission.of(pay, "", OWNER, terms, Bytes32.ZERO);
        }
    }

    @Test
    void no_batch_takes_more_than_there_is_of_a_balance_a_day_a_bill_or_a_payment() {
        for (long seed = 0; seed < 1_000; seed++) {
            Scene scene = Scene.random(seed);
            Snapshot snapshot = scene.snapshot();

            List<Verdict> verdicts = Judge.decide(scene.batch(), snapshot, WINDOW, NOW, Long.MAX_VALUE);

            Map<Bytes32, Long> spent = new HashMap<>();
            Map<UUID, Long> paid = new HashMap<>();
            Map<UUID, Integer> whole = new HashMap<>();
            Map<Bytes32, Long> refunded = new HashMap<>();
            Set<String> nonces = new HashSet<>(Set.of(number(1) + "/1"));
            Map<String, Bytes32> keys = new HashMap<>();
            String message = "seed " + seed;
            for (int i = 0; i < scene.batch().size(); i++) {
                Submission submission = scene.batch().get(i);
                if (verdicts.get(i) instanceof Verdict.Accepted(UUID bill)) {
                    PayAuthorisation pay = submission.pay();
                    Terms terms = submission.terms();
                    spent.merge(pay.from(), pay.amount(), Long::sum);
                    assertTrue(nonces.add(pay.from() + "/" + pay.nonce()), message);
                    if (terms.clientKey() != null) {
                        assertNull(keys.put(pay.from() + "/" + terms.clientKey(), submission.id()), message);
                    }
                    if (bill != null) {
                        paid.merge(bill, pay.amount(), Long::sum);
                        if (terms.instalmentOf() == null) {
                            whole.merge(bill, 1, Integer::sum);
                        }
                    }
                    if (terms.refundOf() != null) {
                        refunded.merge(terms.refundOf(), pay.amount(), Long::sum);
                        assertTrue(snapshot.refundable().get(terms.refundOf()).settled(), message);
                    }
                    PayerState payer = snapshot.payers().get(pay.from());
                    assertTrue(!payer.frozen(), message);
                    assertTrue(payer.paymentMax() == null || pay.amount() <= payer.paymentMax(), message);
                    assertNotEquals(pay.from(), pay.to(), message);
                }
            }
            spent.forEach((id, sum) -> {
                PayerState payer = snapshot.payers().get(id);
                assertTrue(sum <= payer.available(), message);
                assertTrue(payer.dayLeft() == null || sum <= payer.dayLeft(), message);
            });
            refunded.forEach(
                    (id, sum) -> assertTrue(sum <= snapshot.refundable().get(id).left(), message));
            snapshot.bills().values().forEach(bill -> {
                long sum = paid.getOrDefault(bill.id(), 0L);
                assertTrue(sum <= bill.left(), message);
                assertTrue(sum == 0 || !bill.cancelled(), message);
                assertTrue(bill.partial() || sum == 0 || sum == bill.amount(), message);
                assertTrue(whole.getOrDefault(bill.id(), 0) == 0 || sum == bill.amount(), message);
            });
        }
    }

    @Test
    void what_is_not_refused_for_a_reason_is_accepted() {
        Map<Refusal, Integer> seen = new java.util.EnumMap<>(Refusal.class);
        int accepted = 0;
        for (long seed = 0; seed < 1_000; seed++) {
            Scene scene = Scene.random(seed);
            for (Verdict verdict : Judge.decide(scene.batch(), scene.snapshot(), WINDOW, NOW, Long.MAX_VALUE)) {
                switch (verdict) {
                    case Verdict.Refused(Refusal why) -> seen.merge(why, 1, Integer::sum);
                    case Verdict.Accepted _ -> accepted++;
                    case Verdict.Replayed _ -> throw new AssertionError("nothing was accepted before");
                }
            }
        }
        // the scenes reach every refusal that they can, and are not all refusals
        assertTrue(accepted > 4_000, "accepted " + accepted);
        assertEquals(
                Set.of(
                        Refusal.FROZEN,
                        Refusal.SELF_PAYMENT,
                        Refusal.UNKNOWN_PAYEE,
                        Refusal.UNKNOWN_CAPTURER,
                        Refusal.NONCE_USED,
                        Refusal.IDEMPOTENCY_KEY_REUSED,
                        Refusal.BILL_ALREADY_PAID,
                        Refusal.BILL_CANCELLED,
                        Refusal.BILL_NOT_PARTIAL,
                        Refusal.BILL_EXCEEDED,
                        Refusal.NOT_SETTLED,
                        Refusal.REFUND_MISMATCH,
                        Refusal.REFUND_EXCEEDS_PAYMENT,
                        Refusal.ABOVE_PAYMENT_LIMIT,
                        Refusal.ABOVE_DAY_LIMIT,
                        Refusal.INSUFFICIENT_FUNDS),
                seen.keySet());
    }

    private static Verdict judged(PayerState payer, Map<Bytes32, Earlier> accepted, Terms terms, long room) {
        PayAuthorisation pay = new PayAuthorisation(
                number(1), 1, number(9), 50, Bytes32.ZERO, BigInteger.TEN, 0, NOW.getEpochSecond() + 1_000);
        Submission submission = Submission.of(pay, "", OWNER, terms, Bytes32.ZERO);
        Map<Bytes32, Earlier> before = new HashMap<>();
        accepted.values().forEach(earlier -> before.put(submission.id(), earlier));
        Snapshot snapshot = new Snapshot(
                Map.of(number(1), payer),
                Set.of(number(9)),
                Set.of(new Snapshot.CapturerOf(number(9), number(9))),
                Map.of(),
                Map.of(),
                before,
                Set.of(),
                Map.of());
        return Judge.decide(List.of(submission), snapshot, WINDOW, NOW, room).getFirst();
    }

    @Test
    void the_same_payment_is_refused_where_one_thing_is_otherwise() {
        PayerState good = new PayerState(OWNER, 1, null, false, false, 50, null, null);
        Terms hold = new Terms(null, null, new Terms.Hold(NOW.getEpochSecond() + 100, number(9)), null);
        Earlier earlier = new Earlier(NOW.minusSeconds(5), null, null);

        assertEquals(new Verdict.Accepted(null), judged(good, Map.of(), Terms.NONE, 50));
        assertEquals(
                new Verdict.Refused(Refusal.UNKNOWN_ACCOUNT),
                judged(
                        new PayerState(Owner.citizen("another"), 1, null, false, false, 50, null, null),
                        Map.of(),
                        Terms.NONE,
                        50));
        assertEquals(
                new Verdict.Refused(Refusal.WRONG_KEY_VERSION),
                judged(new PayerState(OWNER, 2, null, false, false, 50, null, null), Map.of(), Terms.NONE, 50));
        assertEquals(
                new Verdict.Refused(Refusal.KEY_CHANGING),
                judged(new PayerState(OWNER, 1, null, true, false, 50, null, null), Map.of(), Terms.NONE, 50));
        assertEquals(
                new Verdict.Refused(Refusal.INSUFFICIENT_FUNDS),
                judged(new PayerState(OWNER, 1, null, false, false, 49, null, null), Map.of(), Terms.NONE, 50));
        assertEquals(new Verdict.Refused(Refusal.EXPOSURE_REACHED), judged(good, Map.of(), Terms.NONE, 49));
        // what is held is exposed when it is captured
        assertEquals(new Verdict.Accepted(null), judged(good, Map.of(), hold, 0));
        assertEquals(new Verdict.Replayed(earlier), judged(good, Map.of(number(0), earlier), Terms.NONE, 50));
    }

    @Test
    void the_window_is_open_from_its_first_second_to_the_last_in_which_settling_is_safe() {
        long now = NOW.getEpochSecond();

        assertEquals(Optional.empty(), WINDOW.refuses(now, now + 60, NOW));
        assertEquals(Optional.of(Refusal.NOT_YET_VALID), WINDOW.refuses(now + 1, now + 61, NOW));
        assertEquals(Optional.of(Refusal.EXPIRES_TOO_SOON), WINDOW.refuses(now, now + 59, NOW));
        assertEquals(Optional.of(Refusal.EXPIRES_TOO_SOON), WINDOW.refuses(now - 1, now + 1, NOW));
        assertEquals(Optional.of(Refusal.EXPIRED), WINDOW.refuses(now - 1, now, NOW));
        assertEquals(Optional.empty(), WINDOW.refuses(0, now + 30L * 86_400, NOW));
        assertEquals(Optional.of(Refusal.VALID_TOO_LONG), WINDOW.refuses(0, now + 30L * 86_400 + 1, NOW));
        // a clock that runs half a second ahead or behind moves nothing within a second
        assertEquals(Optional.empty(), WINDOW.refuses(now, now + 60, NOW.plusMillis(999)));
        assertEquals(Optional.of(Refusal.NOT_YET_VALID), WINDOW.refuses(now, now + 60, NOW.minusMillis(1)));
        assertEquals(Optional.empty(), WINDOW.refusesHold(now + 40, now + 100, NOW));
        assertEquals(Optional.of(Refusal.HOLD_TOO_LONG), WINDOW.refusesHold(now + 41, now + 100, NOW));
        assertEquals(Optional.of(Refusal.HOLD_TOO_LONG), WINDOW.refusesHold(now, now + 100, NOW));
    }

    @Test
    void a_day_begins_at_midnight_in_the_city() {
        assertEquals(Instant.parse("2026-11-24T15:00:00Z"), WINDOW.dayOf(Instant.parse("2026-11-25T14:59:59.999Z")));
        assertEquals(Instant.parse("2026-11-25T15:00:00Z"), WINDOW.dayOf(Instant.parse("2026-11-25T15:00:00Z")));
    }

    @Test
    void every_refusal_is_a_problem_type() {
        for (Refusal refusal : Refusal.values()) {
            assertEquals(refusal.name(), PaymentProblem.valueOf(refusal.name()).name());
        }
    }
}
