package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PayAuthorisation;
import city.madang.payment.accounts.Owner;
import city.madang.payment.authorisations.Snapshot.BillState;
import city.madang.payment.authorisations.Snapshot.PayerState;
import city.madang.payment.problems.PaymentProblem;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JudgeTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_795_000_000);
    private static final Window WINDOW = new Window(Duration.ofSeconds(60), Duration.ofDays(30));
    private static final Owner OWNER = Owner.citizen("someone");

    private static Bytes32 number(long number) {
        return Bytes32.of(BigInteger.valueOf(number));
    }

    @Test
    void no_batch_overdraws_an_account_or_takes_a_nonce_or_a_bill_twice() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Map<Bytes32, PayerState> payers = new HashMap<>();
            for (int i = 1; i <= 3; i++) {
                payers.put(number(i), new PayerState(OWNER, 1, random.nextInt(10) == 0, random.nextInt(500)));
            }
            Map<Bytes32, BillState> bills = new HashMap<>();
            for (int i = 1; i <= 2; i++) {
                bills.put(
                        number(100 + i),
                        new BillState(new UUID(0, i), number(9), 50, random.nextBoolean() ? "open" : "paid"));
            }
            Snapshot snapshot = new Snapshot(payers, Set.of(number(9)), bills, Map.of(), Set.of());
            List<Submission> batch = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                boolean pays = random.nextInt(3) == 0;
                PayAuthorisation pay = new PayAuthorisation(
                        number(1 + random.nextInt(3)),
                        1,
                        number(9),
                        pays ? 50 : 1 + random.nextInt(200),
                        pays ? number(101 + random.nextInt(2)) : Bytes32.ZERO,
                        BigInteger.valueOf(random.nextInt(60)),
                        0,
                        NOW.getEpochSecond() + 1_000);
                batch.add(Submission.of(pay, "", OWNER, Bytes32.ZERO));
            }

            List<Verdict> verdicts = Judge.decide(batch, snapshot, WINDOW, NOW);

            Map<Bytes32, Long> spent = new HashMap<>();
            Set<String> nonces = new HashSet<>();
            Set<UUID> paid = new HashSet<>();
            for (int i = 0; i < batch.size(); i++) {
                if (verdicts.get(i) instanceof Verdict.Accepted(UUID bill)) {
                    PayAuthorisation pay = batch.get(i).pay();
                    spent.merge(pay.from(), pay.amount(), Long::sum);
                    assertTrue(nonces.add(pay.from() + "/" + pay.nonce()), "seed " + seed);
                    assertTrue(bill == null || paid.add(bill), "seed " + seed);
                    assertTrue(bill == null || bills.get(pay.billHash()).state().equals("open"), "seed " + seed);
                    assertTrue(!payers.get(pay.from()).frozen(), "seed " + seed);
                }
            }
            String message = "seed " + seed;
            spent.forEach((payer, sum) -> assertTrue(sum <= payers.get(payer).available(), message));
        }
    }

    @Test
    void every_refusal_is_a_problem_type() {
        for (Refusal refusal : Refusal.values()) {
            assertEquals(refusal.name(), PaymentProblem.valueOf(refusal.name()).name());
        }
    }
}
