package city.madang.payment.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.payment.settlement.SteppedSettlement;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random runs of everything that moves money, against an oracle that says what must come of it. A run that differs is made
 * smaller for as long as it still does. {@code -Dmadang.model.runs=} and {@code -Dmadang.model.seed=} ask for more or for others.
 */
@PaymentTest
@TestProfile(SteppedSettlement.Profile.class)
class LedgerModelTest {

    private static final int STEPS = 60;

    /** The most runs that making one smaller may take. */
    private static final int SHRINKING_MAX = 40;

    @Inject
    SteppedSettlement settlement;

    private Wallet bank;

    private Optional<String> differs(List<Step> steps) {
        return new Run(bank, settlement::settleAll).differs(steps);
    }

    @Test
    void whatever_happens_in_whatever_order_the_ledger_is_where_the_oracle_says() throws Exception {
        long first = Long.getLong("madang.model.seed", 20261125);
        int runs = Integer.getInteger("madang.model.runs", 8);
        bank = settlement.during(() -> City.wallet("minji", 1_000_000_000));
        // it is to outlast all the accounts that are opened after it
        City.execute("update account set created = created + interval '10 years' where id = '" + bank.account + "'");
        for (long seed = first; seed < first + runs; seed++) {
            Random random = new Random(seed);
            List<Step> steps =
                    Stream.generate(() -> Step.random(random)).limit(STEPS).toList();
            Optional<String> difference = differs(steps);
            if (difference.isPresent()) {
                List<Step> smaller = shrink(steps);
                throw new AssertionError("seed " + seed + ": " + difference.get() + "\nas small as it gets: " + smaller
                        + "\n" + differs(smaller).orElse("(and then it agreed)"));
            }
        }
        booksBalance();
    }

    /** Leaves out ever smaller pieces for as long as what is left still differs. */
    private List<Step> shrink(List<Step> failing) {
        List<Step> best = failing;
        int budget = SHRINKING_MAX;
        for (int piece = best.size() / 2; piece >= 1 && budget > 0; piece /= 2) {
            for (int from = 0; from + piece <= best.size() && budget > 0; ) {
                List<Step> without = new ArrayList<>(best.subList(0, from));
                without.addAll(best.subList(from + piece, best.size()));
                budget--;
                if (differs(without).isPresent()) {
                    best = without;
                } else {
                    from += piece;
                }
            }
        }
        return best;
    }

    @AfterEach
    void booksBalance() {
        assertEquals(
                0,
                City.number("select count(*) from (select entry from booking group by entry"
                        + " having sum(amount) <> 0) unbalanced"));
        assertEquals(0, City.number("select sum(available + held) from account"));
        assertEquals(
                0,
                City.number(
                        "select count(*) from account where owner_kind <> 'system' and (available < 0 or held < 0)"));
        assertEquals(
                0,
                City.number("select count(*) from bill b where row(reserved, settled) is distinct from (select row("
                        + " coalesce(sum(amount) filter (where t.state <> 'reversed'), 0)::bigint,"
                        + " coalesce(sum(amount) filter (where t.state = 'settled'), 0)::bigint)"
                        + " from transfer t where t.bill = b.id)"));
        assertEquals(
                0,
                City.number("select count(*) from transfer o where refunded is distinct from (select"
                        + " coalesce(sum(amount) filter (where t.state <> 'reversed'), 0)::bigint"
                        + " from transfer t where t.refund_of = o.id)"));
    }
}
