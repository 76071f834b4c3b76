package city.madang.identity.clients;

import city.madang.identity.agencies.OnStanding;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The clients of agencies as they are to be, in the database. */
@ApplicationScoped
class AgencyClients implements OnStanding {

    /** Longer than all calls of one try may take together: meanwhile no other process tries. */
    static final Duration LEASE = Duration.ofSeconds(60);

    private static final String COLUMNS = "client.agency, agency.name_en, client.jwks, client.jwks_uri, client.enabled,"
            + " client.version, client.applied, client.problem, client.set_at";

    private final Pool pool;

    AgencyClients(Pool pool) {
        this.pool = pool;
    }

    /** Makes or changes it, within the caller's transaction; the agency's row is locked. */
    Uni<Void> set(Mutiny.Session session, String agency, ClientKeys keys, @Nullable String jwksUri) {
        return session.createNativeQuery("insert into agency_client"
                        + " (agency, jwks, jwks_uri, enabled, version, applied, failures, next_try, set_at)"
                        + " values (?1, ?2, cast(?3 as text), true, 1, 0, 0, now(), now())"
                        + " on conflict (agency) do update set jwks = excluded.jwks, jwks_uri = excluded.jwks_uri,"
                        + " enabled = true, version = agency_client.version + 1, failures = 0, problem = null,"
                        + " next_try = now(), set_at = now()")
                .setParameter(1, agency)
                .setParameter(2, keys.toJson())
                .setParameter(3, jwksUri)
                .executeUpdate()
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> changed(Mutiny.Session session, String agency, boolean revoked) {
        return session.createNativeQuery("update agency_client set enabled = ?2, version = version + 1, failures = 0,"
                        + " problem = null, next_try = now(), set_at = now() where agency = ?1")
                .setParameter(1, agency)
                .setParameter(2, !revoked)
                .executeUpdate()
                .replaceWithVoid();
    }

    Uni<Optional<AgencyClient>> find(String agency) {
        return pool.preparedQuery("select " + COLUMNS + " from agency_client client"
                        + " join agency on agency.id = client.agency where client.agency = $1")
                .execute(Tuple.of(agency))
                .map(AgencyClients::first);
    }

    /**
     * Takes one that is due, so that no other process does; it must be given back.
     *
     * @param agency this one alone, or null for whichever has waited longest
     */
    Uni<Optional<AgencyClient>> take(@Nullable String agency) {
        return pool.preparedQuery("update agency_client client set leased_until = $2 from agency where agency.id ="
                        + " client.agency and client.agency = (select agency from agency_client where next_try <= now()"
                        + " and (leased_until is null or leased_until < now()) and ($1::text is null or agency = $1)"
                        + " order by next_try limit 1 for update skip locked) returning " + COLUMNS)
                .execute(Tuple.of(agency, at(Instant.now().plus(LEASE))))
                .map(AgencyClients::first);
    }

    /** The keys that stand at its address now, if it was not changed meanwhile; gives what is to be applied. */
    Uni<AgencyClient> refreshed(AgencyClient client, ClientKeys keys) {
        String jwks = keys.toJson();
        if (jwks.equals(client.jwks())) {
            return Uni.createFrom().item(client);
        }
        return pool.preparedQuery("update agency_client set jwks = $3 where agency = $1 and version = $2")
                .execute(Tuple.of(client.agency(), client.version(), jwks))
                .replaceWith(new AgencyClient(
                        client.agency(),
                        client.name(),
                        jwks,
                        client.jwksUri(),
                        client.enabled(),
                        client.version(),
                        client.applied(),
                        client.problem(),
                        client.setAt()));
    }

    /**
     * The provider has this version.
     *
     * @param again when it is looked at the next time, unless it was changed meanwhile
     */
    Uni<Void> applied(AgencyClient client, @Nullable String problem, Duration again) {
        return pool.preparedQuery("update agency_client set applied = $2, failures = 0, leased_until = null,"
                        + " problem = case when version = $2 then $3 end,"
                        + " next_try = case when version = $2 then $4 else now() end where agency = $1")
                .execute(Tuple.of(
                        client.agency(),
                        client.version(),
                        problem,
                        at(Instant.now().plus(again))))
                .replaceWithVoid();
    }

    /** A try failed; the next waits twice as long as the one before, from a second to {@code most}. */
    Uni<Void> failed(AgencyClient client, String problem, Duration most) {
        return pool.preparedQuery("update agency_client set failures = failures + 1, leased_until = null, problem = $2,"
                        + " next_try = case when version = $4 then now() + make_interval(secs =>"
                        + " least($3::float8, power(2, least(failures, 30)))) else now() end where agency = $1")
                .execute(Tuple.of(client.agency(), problem, (double) most.toSeconds(), client.version()))
                .replaceWithVoid();
    }

    private static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static Optional<AgencyClient> first(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row row = rows.iterator().next();
        return Optional.of(new AgencyClient(
                row.getString("agency"),
                row.getString("name_en"),
                row.getString("jwks"),
                row.getString("jwks_uri"),
                row.getBoolean("enabled"),
                row.getLong("version"),
                row.getLong("applied"),
                row.getString("problem"),
                row.getOffsetDateTime("set_at").toInstant()));
    }
}
