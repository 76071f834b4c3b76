package city.madang.payment.reconciliation;

import city.madang.contracts.AccountStanding;
import city.madang.contracts.Bytes32;
import city.madang.contracts.Chain;
import city.madang.contracts.LedgerReader;
import city.madang.contracts.LedgerReader.NonceWord;
import city.madang.payment.chain.ChainMarks.Mark;
import city.madang.payment.chain.LedgerState;
import city.madang.payment.ledger.Books;
import city.madang.payment.reconciliation.Reconciliation.Difference;
import city.madang.payment.reconciliation.Reconciliation.Finding;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Compares every open account, the supply, and the nonces and bills that were used up with the contract, some hundred to a request: the
 * books of one moment with what one block left. Begun while nothing is on its way to the chain, it says the same whatever is settled
 * while it runs. What is merely accepted does not matter, since a hold leaves a balance as it is. Blocking.
 */
final class Comparison implements AutoCloseable {

    /** What differs is asked for so often before it counts. */
    private static final int TIMES_ASKED = 2;

    private static final String ACCOUNTS =
            "select id, available + held, key_version, frozen from account where state <> 'opening' and id <> '"
                    + Books.ISSUANCE + "' order by id";
    private static final String SUPPLY = "select -available from account where id = '" + Books.ISSUANCE + "'";

    private final Chain chain;
    private final LedgerReader contract;
    private final Moment moment;
    private final Settled settled;
    private final Optional<Mark> compared;
    private final Optional<Mark> last;
    private final List<Difference> differences = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Set<Bytes32> changed = new LinkedHashSet<>();
    private int accounts;

    private Comparison(LedgerState.Ready ledger, Moment moment) {
        this.chain = ledger.contract().chain();
        this.moment = moment;
        this.settled = new Settled(moment, LedgerReader.READ_MAX);
        long block = chain.blockNumber();
        this.contract = ledger.contract().reader(block);
        this.compared = mark(block);
        // one that can't be replaced any more; nothing that is booked is in a later one
        long depth = ledger.finality().depth();
        this.last = depth == 0 ? compared : mark(Math.max(0, block - depth));
    }

    private Optional<Mark> mark(long number) {
        return chain.blockHash(number).map(hash -> new Mark(number, hash));
    }

    /** Takes the books and the block of now. Nothing may be on its way. */
    static Comparison begin(LedgerState.Ready ledger, Pool pool) {
        Moment moment = Moment.take(pool);
        try {
            return new Comparison(ledger, moment);
        } catch (RuntimeException failed) {
            moment.close();
            throw failed;
        }
    }

    /**
     * What differs.
     *
     * @param from of payments, those of this batch and later ones; 0 those of all times, and bills that nothing paid
     */
    Reconciliation run(long from) {
        moment.pages(ACCOUNTS, Tuple.tuple(), LedgerReader.READ_MAX, this::compareAccounts);
        settled.words(from, this::compareNonces);
        settled.bills(from, this::compareBills);
        if (from == 0) {
            settled.unpaid(this::compareBills);
        }
        long supply = moment.rows(SUPPLY, Tuple.tuple()).iterator().next().getLong(0);
        long chainSupply = notAs(Map.of("supply", supply), one -> List.of(contract.supply()), Long::equals)
                .getOrDefault("supply", supply);
        return new Reconciliation(Instant.now(), accounts, supply, chainSupply, differences, findings);
    }

    /** From where the next one begins, if this one finds that all agrees. */
    long watermark() {
        return settled.watermark();
    }

    /** Whether the chain still has the block that was looked at, and so all before it; otherwise what was found says nothing. */
    boolean stillStands() {
        return compared.filter(mark -> mark.standsOn(chain)).isPresent();
    }

    /** The block up to which nothing can change any more. */
    Optional<Mark> last() {
        return last;
    }

    /** Accounts of which the contract says otherwise who may pay; an account without a key stays one that only receives. */
    List<Bytes32> changed() {
        return List.copyOf(changed);
    }

    @Override
    public void close() {
        moment.close();
    }

    private void compareAccounts(List<Row> booked) {
        accounts += booked.size();
        Map<Bytes32, Row> rows = new LinkedHashMap<>();
        booked.forEach(row -> rows.put(new Bytes32(row.getString(0)), row));
        notAs(rows, contract::accounts, this::hasBalance)
                .forEach((id, found) -> differences.add(new Difference(
                        id.hex(),
                        Objects.requireNonNull(rows.get(id)).getLong(1),
                        found.map(AccountStanding::balance).orElse(-1L))));
    }

    /** Who may pay is told besides: that it differs is no drift. */
    private boolean hasBalance(Row booked, Optional<AccountStanding> found) {
        int version = booked.getInteger(2);
        found.filter(account ->
                        version > 0 && (account.keyVersion() != version || account.frozen() != booked.getBoolean(3)))
                .ifPresent(account -> changed.add(new Bytes32(booked.getString(0))));
        return found.map(AccountStanding::balance).orElse(-1L).equals(booked.getLong(1));
    }

    private void compareNonces(Map<NonceWord, BigInteger> booked) {
        notAs(booked, contract::nonceWords, BigInteger::equals)
                .forEach((word, found) -> findings.add(new Finding(
                        "nonce",
                        word.account() + "/" + word.word(),
                        Bytes32.of(booked.getOrDefault(word, BigInteger.ZERO)).hex(),
                        Bytes32.of(found).hex())));
    }

    private void compareBills(Map<Bytes32, Bytes32> booked) {
        notAs(booked, contract::billsPaidBy, Bytes32::equals)
                .forEach((bill, by) -> findings.add(new Finding(
                        "bill",
                        bill.hex(),
                        booked.getOrDefault(bill, Bytes32.ZERO).hex(),
                        by.hex())));
    }

    /**
     * What is not as booked, by what the contract has; asked twice. A node that makes the next block while it answers may answer from that
     * (anvil does), as may one of several behind one address that lags: neither is a difference.
     *
     * @param ask one answer each, in their order
     */
    static <K, B, F> Map<K, F> notAs(Map<K, B> booked, Function<List<K>, List<F>> ask, BiPredicate<B, F> same) {
        List<K> keys = List.copyOf(booked.keySet());
        Map<K, F> differing = Map.of();
        for (int time = 0; time < TIMES_ASKED && !keys.isEmpty(); time++) {
            List<F> found = ask.apply(keys);
            differing = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                if (!same.test(Objects.requireNonNull(booked.get(keys.get(i))), found.get(i))) {
                    differing.put(keys.get(i), found.get(i));
                }
            }
            keys = List.copyOf(differing.keySet());
        }
        return differing;
    }
}
