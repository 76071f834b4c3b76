package city.madang.payment.reconciliation;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerAccount;
import city.madang.contracts.LedgerContract;
import city.madang.payment.chain.ChainMarks;
import city.madang.payment.chain.LedgerState;
import city.madang.payment.ledger.Books;
import city.madang.payment.reconciliation.Reconciliation.Difference;
import city.madang.payment.reconciliation.Reconciliation.Finding;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Compares every open account, the supply, and the nonces and bills that were used up with the contract, some hundred to a
 * request. To be run while nothing is on its way to the chain, which settlement sees to; what is merely accepted does not
 * matter, since a hold leaves a balance as it is.
 */
@ApplicationScoped
public class Reconciler {

    private static final Logger LOG = Logger.getLogger(Reconciler.class);
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(30);

    /** Questions in one request; Besu takes 1024. */
    private static final int PAGE = 500;

    /** Reports kept. */
    private static final int KEPT = 1000;

    private final Pool pool;
    private final Settled settled;
    private final ChainMarks marks;
    private final ReconciliationConfig config;
    private final AtomicInteger drift = new AtomicInteger();

    /** Entries up to here were found to agree. */
    private long agreed;

    private int runs;

    Reconciler(Pool pool, Settled settled, ChainMarks marks, ReconciliationConfig config, MeterRegistry meters) {
        this.pool = pool;
        this.settled = settled;
        this.marks = marks;
        this.config = config;
        meters.gauge("madang.payment.reconciliation.differences", drift);
    }

    private record Booked(String id, long balance, long keyVersion, boolean frozen) {}

    /**
     * Compares and notes the result. Blocking.
     *
     * @param changed told of accounts whose key or freeze the contract has otherwise; an account without a key stays one
     *     that only receives
     */
    public Reconciliation run(LedgerState.Ready ledger, BiConsumer<Bytes32, LedgerAccount> changed) {
        LedgerContract contract = ledger.contract();
        long block = contract.chain().blockNumber();
        // one that can't be replaced any more; nothing that is booked is in a later one
        long last = Math.max(0, block - ledger.finality().depth());
        Optional<String> hash = contract.chain().blockHash(last);
        long watermark = settled.watermark();
        boolean all = runs++ % config.allEvery() == 0;
        List<Difference> differences = new ArrayList<>();
        int accounts = 0;
        String after = "";
        for (List<Booked> page = page(after); !page.isEmpty(); page = page(after)) {
            accounts += page.size();
            after = page.getLast().id();
            differences.addAll(compare(contract, page, block, changed));
        }
        List<Finding> findings = new ArrayList<>(nonces(contract, settled.words(all ? 0 : agreed), block));
        findings.addAll(bills(contract, settled.bills(all ? 0 : agreed), block));
        findings.addAll(bills(contract, all ? settled.unpaid() : Map.of(), block));
        Reconciliation result =
                new Reconciliation(Instant.now(), accounts, supply(), contract.supply(block), differences, findings);
        note(result);
        drift.set(result.drift());
        if (result.agrees()) {
            agreed = watermark;
            hash.ifPresent(known -> marks.agree(last, known));
        } else {
            LOG.errorf(
                    "the database and the contract disagree: %d accounts, %d nonces or bills, supply %d against %d;"
                            + " settlement stops",
                    differences.size(), findings.size(), result.supply(), result.chainSupply());
        }
        return result;
    }

    private List<Booked> page(String after) {
        var rows = pool.preparedQuery(
                        "select id, available + held, key_version, frozen from account where id > $1 and state <>"
                                + " 'opening' and id <> '" + Books.ISSUANCE + "' order by id limit $2")
                .execute(Tuple.of(after, PAGE))
                .await()
                .atMost(DATABASE_TIMEOUT);
        List<Booked> page = new ArrayList<>();
        rows.forEach(
                row -> page.add(new Booked(row.getString(0), row.getLong(1), row.getInteger(2), row.getBoolean(3))));
        return page;
    }

    private static List<Difference> compare(
            LedgerContract contract, List<Booked> page, long block, BiConsumer<Bytes32, LedgerAccount> changed) {
        List<Optional<LedgerAccount>> answers = contract.accounts(
                page.stream().map(booked -> new Bytes32(booked.id())).toList(), block);
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Booked booked = page.get(i);
            Optional<LedgerAccount> found = answers.get(i);
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

    private static List<Finding> nonces(
            LedgerContract contract, Map<LedgerContract.NonceWord, BigInteger> booked, long block) {
        List<Finding> findings = new ArrayList<>();
        for (List<LedgerContract.NonceWord> page : pages(booked.keySet())) {
            List<BigInteger> found = contract.nonceWords(page, block);
            for (int i = 0; i < page.size(); i++) {
                BigInteger bits = booked.getOrDefault(page.get(i), BigInteger.ZERO);
                if (!bits.equals(found.get(i))) {
                    findings.add(new Finding(
                            "nonce",
                            page.get(i).account() + "/" + page.get(i).word(),
                            Bytes32.of(bits).hex(),
                            Bytes32.of(found.get(i)).hex()));
                }
            }
        }
        return findings;
    }

    private static List<Finding> bills(LedgerContract contract, Map<Bytes32, Bytes32> booked, long block) {
        List<Finding> findings = new ArrayList<>();
        for (List<Bytes32> page : pages(booked.keySet())) {
            List<Bytes32> found = contract.billsPaidBy(page, block);
            for (int i = 0; i < page.size(); i++) {
                Bytes32 by = booked.getOrDefault(page.get(i), Bytes32.ZERO);
                if (!by.equals(found.get(i))) {
                    findings.add(new Finding(
                            "bill", page.get(i).hex(), by.hex(), found.get(i).hex()));
                }
            }
        }
        return findings;
    }

    private static <T> List<List<T>> pages(Collection<T> all) {
        List<T> list = List.copyOf(all);
        List<List<T>> pages = new ArrayList<>();
        for (int from = 0; from < list.size(); from += PAGE) {
            pages.add(list.subList(from, Math.min(list.size(), from + PAGE)));
        }
        return pages;
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
        JsonArray findings = new JsonArray();
        result.findings().stream()
                .limit(PAGE)
                .forEach(finding -> findings.add(new JsonObject()
                        .put("kind", finding.kind())
                        .put("subject", finding.subject())
                        .put("booked", finding.booked())
                        .put("chain", finding.chain())));
        pool.preparedQuery("insert into reconciliation (accounts, supply, chain_supply, differences, findings)"
                        + " values ($1, $2, $3, $4, $5)")
                .execute(Tuple.of(result.accounts(), result.supply(), result.chainSupply(), differences, findings))
                .chain(() -> pool.query("delete from reconciliation where id <=" + " (select max(id) - " + KEPT
                                + " from reconciliation)")
                        .execute())
                .await()
                .atMost(DATABASE_TIMEOUT);
    }

    /** The latest result, empty before the first. */
    public Uni<Optional<Reconciliation>> latest() {
        return pool.query("select at, accounts, supply, chain_supply, differences, findings from reconciliation"
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
        List<Finding> findings = row.getJsonArray(5).stream()
                .map(JsonObject.class::cast)
                .map(json -> new Finding(
                        json.getString("kind"),
                        json.getString("subject"),
                        json.getString("booked"),
                        json.getString("chain")))
                .toList();
        return new Reconciliation(
                row.getOffsetDateTime(0).toInstant(),
                row.getInteger(1),
                row.getLong(2),
                row.getLong(3),
                differences,
                findings);
    }
}
