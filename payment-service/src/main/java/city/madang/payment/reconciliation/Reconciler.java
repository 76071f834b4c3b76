package city.madang.payment.reconciliation;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerAccount;
import city.madang.contracts.LedgerContract;
import city.madang.payment.ledger.Books;
import city.madang.payment.reconciliation.Reconciliation.Difference;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Compares every open account and the supply with the contract. To be run while nothing is on its way to the chain, which
 * settlement sees to; what is merely accepted does not matter, since a hold leaves a balance as it is.
 */
@ApplicationScoped
public class Reconciler {

    private static final Logger LOG = Logger.getLogger(Reconciler.class);
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(30);

    /** Accounts read at once. */
    private static final int PAGE = 500;

    /** Questions to the node at once. */
    private static final int AT_ONCE = 16;

    /** Reports kept. */
    private static final int KEPT = 1000;

    private final Pool pool;
    private final AtomicInteger drift = new AtomicInteger();

    Reconciler(Pool pool, MeterRegistry meters) {
        this.pool = pool;
        meters.gauge("madang.payment.reconciliation.differences", drift);
    }

    private record Booked(String id, long balance, long keyVersion, boolean frozen) {}

    /**
     * Compares and notes the result. Blocking.
     *
     * @param changed told of accounts whose key or freeze the contract has otherwise; an account without a key stays one
     *     that only receives
     */
    public Reconciliation run(LedgerContract contract, BiConsumer<Bytes32, LedgerAccount> changed) {
        List<Difference> differences = new ArrayList<>();
        int accounts = 0;
        String after = "";
        try (ExecutorService readers = Executors.newFixedThreadPool(AT_ONCE)) {
            for (List<Booked> page = page(after); !page.isEmpty(); page = page(after)) {
                accounts += page.size();
                after = page.getLast().id();
                differences.addAll(compare(contract, page, readers, changed));
            }
        }
        long supply = supply();
        Reconciliation result = new Reconciliation(Instant.now(), accounts, supply, contract.supply(), differences);
        note(result);
        drift.set(differences.size() + (supply == result.chainSupply() ? 0 : 1));
        if (!result.agrees()) {
            LOG.errorf(
                    "the database and the contract disagree: %d accounts, supply %d against %d; settlement stops",
                    differences.size(), supply, result.chainSupply());
        }
        return result;
    }

    private List<Booked> page(String after) {
        var rows = pool.preparedQuery(
                        "select id, available + held, key_version, frozen from account where id > $1 and state <>"
                                + " 'opening' and owner_kind <> 'system' order by id limit $2")
                .execute(Tuple.of(after, PAGE))
                .await()
                .atMost(DATABASE_TIMEOUT);
        List<Booked> page = new ArrayList<>();
        rows.forEach(
                row -> page.add(new Booked(row.getString(0), row.getLong(1), row.getInteger(2), row.getBoolean(3))));
        return page;
    }

    private static List<Difference> compare(
            LedgerContract contract,
            List<Booked> page,
            ExecutorService readers,
            BiConsumer<Bytes32, LedgerAccount> changed) {
        List<Future<Optional<LedgerAccount>>> answers = page.stream()
                .map(booked -> readers.submit(() -> contract.account(new Bytes32(booked.id()))))
                .toList();
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Booked booked = page.get(i);
            Optional<LedgerAccount> found = await(answers.get(i));
            long onChain = found.map(LedgerAccount::balance).orElse(-1L);
            if (onChain != booked.balance()) {
                differences.add(new Difference(booked.id(), booked.balance(), onChain));
            }
            found.filter(account -> booked.keyVersion() > 0
                            && (account.keyVersion() != booked.keyVersion() || account.frozen() != booked.frozen()))
                    .ifPresent(account -> changed.accept(new Bytes32(booked.id()), account));
        }
        return differences;
    }

    private static Optional<LedgerAccount> await(Future<Optional<LedgerAccount>> answer) {
        try {
            return answer.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopping);
        }
    }

    private long supply() {
        return pool.query("select -available from account where id = '" + Books.ISSUANCE + "'")
                .execute()
                .await()
                .atMost(DATABASE_TIMEOUT)
                .iterator()
                .next()
                .getLong(0);
    }

    private void note(Reconciliation result) {
        JsonArray differences = new JsonArray();
        result.differences().stream()
                .limit(PAGE)
                .forEach(difference -> differences.add(new JsonObject()
                        .put("account", difference.account())
                        .put("balance", difference.balance())
                        .put("chain_balance", difference.chainBalance())));
        pool.preparedQuery("insert into reconciliation (accounts, supply, chain_supply, differences)"
                        + " values ($1, $2, $3, $4)")
                .execute(Tuple.of(result.accounts(), result.supply(), result.chainSupply(), differences))
                .chain(() -> pool.query("delete from reconciliation where id <=" + " (select max(id) - " + KEPT
                                + " from reconciliation)")
                        .execute())
                .await()
                .atMost(DATABASE_TIMEOUT);
    }

    /** The latest result, empty before the first. */
    public Uni<Optional<Reconciliation>> latest() {
        return pool.query("select at, accounts, supply, chain_supply, differences from reconciliation"
                        + " order by id desc limit 1")
                .execute()
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(read(rows.iterator().next())));
    }

    private static Reconciliation read(Row row) {
        List<Difference> differences = row.getJsonArray(4).stream()
                .map(JsonObject.class::cast)
                .map(json -> new Difference(
                        json.getString("account"), json.getLong("balance"), json.getLong("chain_balance")))
                .toList();
        return new Reconciliation(
                row.getOffsetDateTime(0).toInstant(), row.getInteger(1), row.getLong(2), row.getLong(3), differences);
    }
}
