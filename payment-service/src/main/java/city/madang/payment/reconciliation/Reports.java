package city.madang.payment.reconciliation;

import city.madang.payment.reconciliation.Reconciliation.Difference;
import city.madang.payment.reconciliation.Reconciliation.Finding;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What comparisons found, the latest thousand of them. */
@ApplicationScoped
class Reports {

    /** Reports kept. */
    private static final int KEPT = 1000;

    /** Of what differs, so much is written down of each kind. */
    private static final int WRITTEN_MAX = 500;

    private final Pool pool;

    Reports(Pool pool) {
        this.pool = pool;
    }

    Uni<Void> add(Reconciliation result) {
        JsonArray differences = written(result.differences(), difference -> new JsonObject()
                .put("account", difference.account())
                .put("balance", difference.balance())
                .put("chain_balance", difference.chainBalance()));
        JsonArray findings = written(result.findings(), finding -> new JsonObject()
                .put("kind", finding.kind())
                .put("subject", finding.subject())
                .put("booked", finding.booked())
                .put("chain", finding.chain()));
        return pool.preparedQuery("insert into reconciliation (accounts, supply, chain_supply, differences, findings)"
                        + " values ($1, $2, $3, $4, $5)")
                .execute(Tuple.of(result.accounts(), result.supply(), result.chainSupply(), differences, findings))
                .chain(() -> pool.query("delete from reconciliation where id <= (select max(id) - " + KEPT
                                + " from reconciliation)")
                        .execute())
                .replaceWithVoid();
    }

    private static <T> JsonArray written(List<T> all, Function<T, JsonObject> one) {
        return new JsonArray(all.stream().limit(WRITTEN_MAX).map(one).toList());
    }

    /** Empty before the first. */
    Uni<Optional<Reconciliation>> latest() {
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
