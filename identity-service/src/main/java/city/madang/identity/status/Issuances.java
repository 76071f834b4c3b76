package city.madang.identity.status;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what was issued, and what became of it. */
@ApplicationScoped
class Issuances {

    private final Pool pool;

    Issuances(Pool pool) {
        this.pool = pool;
    }

    /** @param by the agency's own if the caller acts for one, else the caller's own */
    Uni<List<Issuance>> list(Actor by, @Nullable String holder, @Nullable UUID offer, @Nullable UUID after, int limit) {
        boolean forAgency = by.agency() != null;
        return pool.preparedQuery(Issuance.SELECT + "where " + (forAgency ? "agency" : "holder") + " = $1"
                        + " and ($2::text is null or holder = $2) and ($3::uuid is null or offer = $3) and id > $4"
                        + " order by id limit $5")
                .execute(Tuple.of(
                        forAgency ? by.agency() : by.subject(),
                        holder,
                        offer,
                        after == null ? new UUID(0, 0) : after,
                        limit))
                .map(rows -> {
                    List<Issuance> found = new ArrayList<>(rows.size());
                    rows.forEach(row -> found.add(Issuance.of(row)));
                    return found;
                });
    }

    Uni<Optional<Issuance>> find(UUID id, Actor by) {
        return pool.preparedQuery(Issuance.SELECT + "where id = $1")
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0
                        ? Optional.<Issuance>empty()
                        : Optional.of(Issuance.of(rows.iterator().next())).filter(by::maySee));
    }

    /** What was done to it, first to last. */
    Uni<List<StatusChange>> changes(UUID issuance) {
        return pool.preparedQuery("select status, reason, note, actor, actor_role, changed_at from status_change"
                        + " where issuance = $1 order by id")
                .execute(Tuple.of(issuance))
                .map(rows -> {
                    List<StatusChange> changes = new ArrayList<>(rows.size());
                    rows.forEach(row -> changes.add(new StatusChange(
                            row.getString("status"),
                            row.getString("reason"),
                            row.getString("note"),
                            row.getString("actor"),
                            row.getString("actor_role"),
                            row.getOffsetDateTime("changed_at").toInstant())));
                    return changes;
                });
    }
}
