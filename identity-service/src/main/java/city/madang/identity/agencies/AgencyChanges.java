package city.madang.identity.agencies;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Who changed what about an agency: written with the change, never altered. */
@ApplicationScoped
public class AgencyChanges {

    private final Pool pool;

    AgencyChanges(Pool pool) {
        this.pool = pool;
    }

    /** What was changed. */
    public enum Change {
        REGISTERED,
        RENAMED,
        KEY_ROTATED,
        CERTIFICATE_ISSUED,
        CERTIFICATE_REVOKED,
        RIGHTS_SET,
        CLIENT_SET,
        REVOKED,
        REINSTATED;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * Notes a change in its own transaction.
     *
     * @param detail codes and hashes of keys
     * @param note free text, for registrars and officers of the agency alone
     */
    public Uni<Void> note(
            Mutiny.Session session,
            String agency,
            Change change,
            @Nullable String detail,
            @Nullable String note,
            Actor actor) {
        return session.createNativeQuery(
                        "insert into agency_change (agency, change, detail, note, actor, actor_role, changed_at)"
                                + " values (?1, ?2, cast(?3 as text), cast(?4 as text), ?5, ?6, now())")
                .setParameter(1, agency)
                .setParameter(2, change.text())
                .setParameter(3, detail)
                .setParameter(4, note)
                .setParameter(5, actor.subject())
                .setParameter(6, actor.role())
                .executeUpdate()
                .replaceWithVoid();
    }

    /** @param actor {@code sub} of who did it, {@code by} the role in which */
    record Noted(
            long id,
            String change,
            @Nullable String detail,
            @Nullable String note,
            String actor,
            String by,
            Instant at) {}

    /** The latest first; those before the id {@code before}. */
    Uni<List<Noted>> list(String agency, long before, int limit) {
        return pool.preparedQuery("select id, change, detail, note, actor, actor_role, changed_at from agency_change"
                        + " where agency = $1 and id < $2 order by id desc limit $3")
                .execute(Tuple.of(agency, before, limit))
                .map(rows -> {
                    List<Noted> noted = new ArrayList<>(rows.size());
                    rows.forEach(row -> noted.add(new Noted(
                            row.getLong("id"),
                            row.getString("change"),
                            row.getString("detail"),
                            row.getString("note"),
                            row.getString("actor"),
                            row.getString("actor_role"),
                            row.getOffsetDateTime("changed_at").toInstant())));
                    return noted;
                });
    }
}
