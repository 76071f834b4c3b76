package city.madang.payment.reconciliation;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerAccount;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.LedgerContract.NonceWord;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares every open account, the supply, and the nonces and bills that were used up with the contract, some hundred to a request: the
 * books of one moment with what one block left. Begun while nothing is on its way to the chain, it says the same whatever is settled
 * while it runs. What is merely accepted does not matter, since a hold leaves a balance as it is. Blocking.
 */
final class Comparison implements AutoCloseable {

    /** Questions in one request; Besu takes 1024. */
    private static final int PAGE = 500;

    private static final String ACCOUNTS =
            "select id, available + held, key_version, frozen from account where state <> 'opening'" + " and id <> '"
                    + Books.ISSUANCE + "' order by id";
    private static final String SUPPLY = "select -available from account where id = '" + Books.ISSUANCE + "'";

    private final LedgerContract contract;
    private final Moment moment;
    private final Settled settled;
    private final long block;
    private final Optional<String> hash;
    private final long last;
    private final Optional<String> lastHash;
    private final List<Difference> differences = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Bytes32> changed = new ArrayList<>();
    private int accounts;

    private Comparison(LedgerState.Ready ledger, Moment moment) {
        this.contract = ledger.contract();
        this.moment = moment;
        this.settled = new Settled(moment, PAGE);
        this.block = contract.chain().blockNumber();
        this.hash = contract.chain().blockHash(block);
        // one that can't be replaced any more; nothing that is booked is in a later one
        this.last = Math.max(0, block - ledger.finality().depth());
        this.lastHash = contract.chain().blockHash(last);
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
        moment.pages(ACCOUNTS, Tuple.tuple(), PAGE, this::compareAccounts);
        settled.words(from, this::compareNonces);
        settled.bills(from, this::compareBills);
        if (from == 0) {
            settled.unpaid(this::compareBills);
        }
        long supply = moment.rows(SUPPLY, Tuple.tuple()).iterator().next().getLong(0);
        return new Reconciliation(Instant.now(), accounts, supply, contract.supply(block), differences, findings);
    }

    /** From where the next one begins, if this one finds that all agrees. */
    long watermark() {
        return settled.watermark();
    }

    /** Whether the chain still has the blocks that were looked at; otherwise what was found says nothing. */
    boolean stillStands() {
        return hash.isPresent()
                && contract.chain().blockHash(block).equals(hash)
                && contract.chain().blockHash(last).equals(lastHash);
    }

    /** The block up to which nothing can change any more. */
    long last() {
        return last;
    }

    /** Of {@link #last}. */
    Optional<String> lastHash() {
        return lastHash;
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
        List<Bytes32> ids =
                booked.stream().map(row -> new Bytes32(row.getString(0))).toList();
        List<Optional<LedgerAccount>> answers = contract.accounts(ids, block);
        for (int i = 0; i < answers.size(); i++) {
            Row row = booked.get(i);
            Optional<LedgerAccount> found = answers.get(i);
            long onChain = found.map(LedgerAccount::balance).orElse(-1L);
            if (onChain != row.getLong(1)) {
                differences.add(new Difference(row.getString(0), row.getLong(1), onChain));
            }
            int version = row.getInteger(2);
            if (found.isPresent()
                    && version > 0
                    && (found.get().keyVersion() != version || found.get().frozen() != row.getBoolean(3))) {
                changed.add(ids.get(i));
            }
        }
    }

    private void compareNonces(Map<NonceWord, BigInteger> booked) {
        List<NonceWord> words = List.copyOf(booked.keySet());
        List<BigInteger> found = contract.nonceWords(words, block);
        for (int i = 0; i < words.size(); i++) {
            NonceWord word = words.get(i);
            BigInteger bits = booked.getOrDefault(word, BigInteger.ZERO);
            if (!bits.equals(found.get(i))) {
                findings.add(new Finding(
                        "nonce",
                        word.account() + "/" + word.word(),
                        Bytes32.of(bits).hex(),
                        Bytes32.of(found.get(i)).hex()));
            }
        }
    }

    private void compareBills(Map<Bytes32, Bytes32> booked) {
        List<Bytes32> bills = List.copyOf(booked.keySet());
        List<Bytes32> found = contract.billsPaidBy(bills, block);
        for (int i = 0; i < bills.size(); i++) {
            Bytes32 by = booked.getOrDefault(bills.get(i), Bytes32.ZERO);
            if (!by.equals(found.get(i))) {
                findings.add(new Finding(
                        "bill", bills.get(i).hex(), by.hex(), found.get(i).hex()));
            }
        }
    }
}
