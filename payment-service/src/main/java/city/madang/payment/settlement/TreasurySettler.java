package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.ChainException;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.LedgerMint;
import city.madang.payment.chain.LedgerState;
import city.madang.payment.ledger.Books;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries attestations and approved mints to the contract. The contract is asked first how far a mint has come, so a crash
 * between any two steps repeats none of them. Blocking.
 */
@ApplicationScoped
class TreasurySettler {

    private static final Logger LOG = Logger.getLogger(TreasurySettler.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Mints taken at once. */
    private static final int AT_ONCE = 50;

    /** Refusals that say that a transaction, ours or another process's, was faster: the next turn finds the mint made. */
    private static final Set<String> OVERTAKEN = Set.of("BadMint", "MintNotProposed");

    private final Pool pool;

    TreasurySettler(Pool pool) {
        this.pool = pool;
    }

    /** Attests and mints what waits. */
    void settle(LedgerState.Ready ledger) {
        attest(ledger);
        for (Row row : approved()) {
            mint(ledger, row.getUUID(0), new Bytes32(row.getString(1)), row.getLong(2));
        }
    }

    /** Books what the contract has minted already; sends nothing. */
    void bookMinted(LedgerState.Ready ledger) {
        for (Row row : approved()) {
            bookIfMinted(ledger.contract(), row.getUUID(0), new Bytes32(row.getString(1)), row.getLong(2));
        }
    }

    private List<Row> approved() {
        return rows("select id, payee, amount from mint m where state = 'approved' and exists (select from"
                + " account a where a.id = m.payee and a.state = 'open') order by approved limit " + AT_ONCE);
    }

    private void attest(LedgerState.Ready ledger) {
        List<Row> waiting =
                rows("select id, amount, evidence from reserve_attestation where state = 'recorded' order by id");
        for (Row row : waiting) {
            String state = "attested";
            try {
                ledger.contract()
                        .attestReserve(
                                ledger.keys().auditor(),
                                BigInteger.valueOf(row.getLong(1)),
                                new Bytes32(row.getString(2)));
            } catch (ChainException.Reverted refused) {
                LOG.errorf("the contract refuses a reserve of %d: %s", row.getLong(1), refused.error());
                state = "failed";
            }
            await(pool.preparedQuery("update reserve_attestation set state = $2 where id = $1")
                    .execute(Tuple.of(row.getLong(0), state)));
        }
        if (!waiting.isEmpty()) {
            followReserve(ledger.contract());
        }
    }

    /**
     * Takes over the contract's reserve once nothing waits to be attested, so that what it refused counts no longer; not
     * below what is approved, since that must be refused or minted first.
     */
    private void followReserve(LedgerContract contract) {
        long reserve =
                contract.reserve().min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
        await(pool.withTransaction(connection -> connection
                // locked first: the next statement then sees the attestation of whoever held it
                .query("select from treasury for no key update")
                .execute()
                .chain(() -> connection
                        .preparedQuery("update treasury set reserve = greatest(committed, $1)"
                                + " where not exists (select from reserve_attestation where state = 'recorded')")
                        .execute(Tuple.of(reserve)))));
    }

    private void mint(LedgerState.Ready ledger, UUID id, Bytes32 to, long amount) {
        LedgerContract contract = ledger.contract();
        if (bookIfMinted(contract, id, to, amount)) {
            return;
        }
        Bytes32 mintId = chainId(id);
        try {
            if (contract.mint(mintId).isEmpty()) {
                contract.proposeMint(ledger.keys().treasurerA(), mintId, to, amount);
            }
            contract.approveMint(ledger.keys().treasurerB(), mintId);
        } catch (ChainException.Reverted refused) {
            if (OVERTAKEN.contains(refused.error())) {
                LOG.warnf("mint %s is on its way in another transaction", id);
            } else {
                LOG.errorf("the contract refuses mint %s: %s", id, refused.error());
                fail(id);
                followReserve(contract);
            }
            return;
        }
        bookIfMinted(contract, id, to, amount);
    }

    /** Books the mint if the contract has made it, in whichever transaction; false when it has not. */
    private boolean bookIfMinted(LedgerContract contract, UUID id, Bytes32 to, long amount) {
        Bytes32 mintId = chainId(id);
        LedgerMint known = contract.mint(mintId).orElse(null);
        if (known != null && (!known.to().equals(to) || known.amount() != amount)) {
            LOG.errorf("the contract has another mint under %s", mintId);
            fail(id);
            return true;
        }
        if (known == null || !known.done()) {
            return false;
        }
        book(id, to, contract.mintedIn(mintId).orElse(null));
        return true;
    }

    private void book(UUID id, Bytes32 to, @Nullable String hash) {
        await(pool.withTransaction(connection -> Books.lock(connection, List.of(Books.ISSUANCE, to.hex()))
                .chain(() -> connection
                        .preparedQuery("update mint set state = 'settled', transaction_hash = $2 where id = $1"
                                + " and state = 'approved'")
                        .execute(Tuple.of(id, hash)))));
    }

    private void fail(UUID id) {
        await(pool.withTransaction(connection -> connection
                .preparedQuery("with m as (update mint set state = 'failed' where id = $1 and state = 'approved'"
                        + " returning amount) update treasury set committed = committed - m.amount from m")
                .execute(Tuple.of(id))));
    }

    /** A mint's id on the contract: the UUID's 16 bytes, then zeros. */
    static Bytes32 chainId(UUID id) {
        return new Bytes32("0x" + id.toString().replace("-", "") + "0".repeat(32));
    }

    private List<Row> rows(String sql) {
        return StreamSupport.stream(await(pool.query(sql).execute()).spliterator(), false)
                .toList();
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(TIMEOUT);
    }
}
