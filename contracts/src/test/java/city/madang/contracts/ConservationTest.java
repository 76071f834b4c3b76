package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Outcome.Refused;
import city.madang.contracts.Outcome.Settled;
import city.madang.contracts.TestLedger.Holder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random batches against a model that is as simple as the promise. */
class ConservationTest {

    private static final int HOLDERS = 5;
    private static final int BATCHES = 8;
    private static final int BATCH_SIZE_MAX = 60;

    private final Map<Bytes32, Long> balances = new HashMap<>();
    private final Set<String> usedNonces = new HashSet<>();
    private final Map<Bytes32, Bytes32> paidBills = new HashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 20261122, 0x5eed})
    void supply_equals_the_sum_of_balances_whatever_is_brought(long seed) {
        Random random = new Random(seed);
        try (var ledger = new TestLedger()) {
            List<Holder> holders = ledger.open(HOLDERS);
            for (Holder holder : holders) {
                long start = 1 + random.nextInt(3000);
                ledger.mint(holder.id(), start);
                balances.put(holder.id(), start);
            }
            long supply = ledger.contract.supply();
            List<Bytes32> bills = List.of(Bytes32.ZERO, TestKeys.random(), TestKeys.random(), TestKeys.random());
            List<SignedPayment> seen = new ArrayList<>();

            for (int i = 0; i < BATCHES; i++) {
                List<SignedPayment> batch = batch(ledger, random, holders, bills, seen);
                List<String> expected =
                        batch.stream().map(p -> model(ledger, holders, p)).toList();

                List<Outcome> outcomes =
                        ledger.contract.settle(ledger.operator, batch).outcomes();

                assertEquals(
                        expected, outcomes.stream().map(ConservationTest::brief).toList(), "seed " + seed);
                long sum = 0;
                for (Holder holder : holders) {
                    assertEquals(balances.get(holder.id()), ledger.balance(holder), "seed " + seed);
                    sum += ledger.balance(holder);
                }
                assertEquals(supply, sum);
                assertEquals(supply, ledger.contract.supply());
                assertTrue(ledger.contract.reserve().compareTo(BigInteger.valueOf(supply)) >= 0);
            }
            for (Bytes32 bill : bills) {
                assertEquals(
                        paidBills.get(bill), ledger.contract.billPaidBy(bill).orElse(null));
            }
            assertTrue(usedNonces.size() > BATCHES, "too few settled to prove anything");
        }
    }

    private static List<SignedPayment> batch(
            TestLedger ledger, Random random, List<Holder> holders, List<Bytes32> bills, List<SignedPayment> seen) {
        List<SignedPayment> batch = new ArrayList<>();
        int size = 1 + random.nextInt(BATCH_SIZE_MAX);
        while (batch.size() < size) {
            if (!seen.isEmpty() && random.nextInt(8) == 0) {
                batch.add(seen.get(random.nextInt(seen.size())));
                continue;
            }
            Holder from = holders.get(random.nextInt(HOLDERS));
            Holder to = holders.get(random.nextInt(HOLDERS));
            Holder signer = random.nextInt(10) == 0 ? to : from;
            Bytes32 bill = random.nextInt(4) == 0 ? bills.get(random.nextInt(bills.size())) : Bytes32.ZERO;
            BigInteger nonce = BigInteger.valueOf(random.nextInt(400));
            SignedPayment payment = ledger.sign(ledger.pay(from, to, random.nextInt(900), bill, nonce), signer);
            batch.add(payment);
            seen.add(payment);
        }
        return batch;
    }

    private String model(TestLedger ledger, List<Holder> holders, SignedPayment payment) {
        PayAuthorisation p = payment.authorisation();
        String nonce = p.from() + "/" + p.nonce();
        if (usedNonces.contains(nonce)) {
            return "NONCE_USED";
        }
        if (p.amount() == 0) {
            return "BAD_AMOUNT";
        }
        if (p.from().equals(p.to())) {
            return "UNKNOWN_PAYEE";
        }
        if (paidBills.containsKey(p.billHash())) {
            return "BILL_PAID";
        }
        if (balances.get(p.from()) < p.amount()) {
            return "INSUFFICIENT";
        }
        if (!signedByPayer(ledger, holders, payment)) {
            return "BAD_SIGNATURE";
        }
        usedNonces.add(nonce);
        if (!p.billHash().isZero()) {
            paidBills.put(p.billHash(), p.id(ledger.separator));
        }
        balances.merge(p.from(), -p.amount(), Long::sum);
        balances.merge(p.to(), p.amount(), Long::sum);
        return "settled";
    }

    private static boolean signedByPayer(TestLedger ledger, List<Holder> holders, SignedPayment payment) {
        PayAuthorisation p = payment.authorisation();
        return holders.stream().filter(holder -> holder.id().equals(p.from())).anyMatch(holder -> holder.wallet()
                .verifies(p.message(ledger.separator), payment.signature()));
    }

    private static String brief(Outcome outcome) {
        return switch (outcome) {
            case Settled ignored -> "settled";
            case Refused refused -> refused.reason().name();
        };
    }
}
