package city.madang.identity.issuance;

import city.madang.identity.authorization.AccessGrant;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.tracing.Traceparent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Requests for credentials that an agency has yet to decide (OpenID4VCI 1.0 clause 9). */
@ApplicationScoped
public class PendingRequests {

    /** Uses the nonce up, and notes the request; asked again for the same keys, the same request gets a new transaction id. */
    private static final String ADD = "with used as (" + Issuances.USE_NONCE + "),"
            + " made as (insert into credential_request (id, transaction_id_sha256, credential_type, agency, holder, grant_id,"
            + " holder_keys_sha256, keys, state, created, expires_at)"
            + " select $3::uuid, $4, $5, $6, $7, $8::uuid, $9, $10, 'pending', $11::timestamptz, $12::timestamptz"
            + " where exists (select from used)"
            + " on conflict (grant_id, credential_type, holder_keys_sha256) where state in ('pending', 'ready')"
            + " do update set transaction_id_sha256 = excluded.transaction_id_sha256 returning id),"
            + " told as (insert into outbox (id, type, subject, happened, data, traceparent)"
            + " select $13::uuid, 'credential.requested', $3::text, $11::timestamptz, $14, $15 from made where id = $3::uuid)"
            + " select exists (select from used) as used";

    private static final String COLUMNS =
            "select id, credential_type, holder, state, claims, keys, holder_keys_sha256, created, expires_at"
                    + " from credential_request where expires_at > now() and ";

    private final Pool pool;
    private final IdentitySettings settings;

    PendingRequests(Pool pool, IdentitySettings settings) {
        this.pool = pool;
        this.settings = settings;
    }

    /**
     * A request.
     *
     * @param state {@code pending}, {@code ready} (has claims), {@code refused} or {@code issued}
     * @param claims only while ready
     * @param keys that the credentials are to be bound to
     */
    record Pending(
            UUID id,
            String credentialType,
            String holder,
            String state,
            @Nullable Map<String, @Nullable Object> claims,
            List<PublicJwk> keys,
            String keysSha256,
            Instant created,
            Instant expiresAt) {
        @Override
        public String toString() {
            return "Pending[" + id + "]";
        }
    }

    /** The transaction id; empty if the nonce was used before. */
    Uni<Optional<String>> add(Issuable what, AccessGrant grant, HolderKeys holders, Issuances.Right.Nonce nonce) {
        String transaction = Secrets.next();
        UUID id = UUID.randomUUID();
        Instant now = Instant.now();
        JsonObject event = new JsonObject()
                .put("request", id.toString())
                .put("agency", what.type().agency())
                .put("credential_configuration_id", what.type().id());
        Tuple values = Tuple.tuple()
                .addValue(nonce.sha256())
                .addValue(Issuances.time(nonce.expiresAt()))
                .addValue(id)
                .addValue(Sha256.hex(transaction))
                .addValue(what.type().id())
                .addValue(what.type().agency())
                .addValue(grant.holder())
                .addValue(grant.id())
                .addValue(holders.sha256())
                .addValue(StrictJson.write(
                        holders.keys().stream().map(PublicJwk::toJson).toList()))
                .addValue(Issuances.time(now))
                .addValue(Issuances.time(now.plus(settings.issuance().deferredLifetime())))
                .addValue(UUID.randomUUID())
                .addValue(event.encode())
                .addValue(Traceparent.current());
        return pool.preparedQuery(ADD)
                .execute(values)
                .map(rows -> rows.iterator().next().getBoolean("used") ? Optional.of(transaction) : Optional.empty());
    }

    /** The request behind a transaction id, for the grant that it was made under alone. */
    Uni<Optional<Pending>> find(String transaction, UUID grant) {
        return pool.preparedQuery(COLUMNS + "transaction_id_sha256 = $1 and grant_id = $2 and state <> 'issued'")
                .execute(Tuple.of(Sha256.hex(transaction), grant))
                .map(rows -> list(rows).stream().findFirst());
    }

    /** What an agency has to decide, or has decided and no wallet has fetched, after the id {@code after}. */
    Uni<List<Pending>> list(String agency, @Nullable UUID after, int limit) {
        return pool.preparedQuery(
                        COLUMNS + "agency = $1 and id > $2 and state in ('pending', 'ready') order by id limit $3")
                .execute(Tuple.of(agency, after == null ? new UUID(0, 0) : after, limit))
                .map(PendingRequests::list);
    }

    /** One of an agency's requests. */
    Uni<Optional<Pending>> find(UUID id, String agency) {
        return pool.preparedQuery(COLUMNS + "id = $1 and agency = $2")
                .execute(Tuple.of(id, agency))
                .map(rows -> list(rows).stream().findFirst());
    }

    /** Gives the claims; false if it was decided before. */
    Uni<Boolean> fulfil(UUID id, String agency, Map<String, Object> claims) {
        return decide(
                "update credential_request set state = 'ready', claims = $3 where id = $1 and agency = $2",
                Tuple.of(id, agency, StrictJson.write(claims)));
    }

    /** Refuses; false if it was decided before. */
    Uni<Boolean> refuse(UUID id, String agency, String reason) {
        return decide(
                "update credential_request set state = 'refused', reason = $3, keys = '' where id = $1 and agency = $2",
                Tuple.of(id, agency, reason));
    }

    private Uni<Boolean> decide(String update, Tuple values) {
        return pool.preparedQuery(update + " and state = 'pending' and expires_at > now() returning 1")
                .execute(values)
                .map(rows -> rows.size() == 1);
    }

    @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> forgetExpired() {
        return pool.query("delete from credential_request where expires_at <= now()")
                .execute()
                .replaceWithVoid();
    }

    private static List<Pending> list(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(PendingRequests::pending)
                .toList();
    }

    private static Pending pending(Row row) {
        try {
            @Nullable String claims = row.getString("claims");
            List<PublicJwk> keys = new ArrayList<>();
            String jwks = row.getString("keys");
            if (!jwks.isEmpty()) {
                for (Object jwk : StrictJson.array(jwks)) {
                    keys.add(PublicJwk.parse(jwk));
                }
            }
            return new Pending(
                    row.getUUID("id"),
                    row.getString("credential_type"),
                    row.getString("holder"),
                    row.getString("state"),
                    claims == null ? null : StrictJson.object(claims),
                    keys,
                    row.getString("holder_keys_sha256"),
                    row.getOffsetDateTime("created").toInstant(),
                    row.getOffsetDateTime("expires_at").toInstant());
        } catch (Malformed damaged) {
            throw new IllegalStateException("request " + row.getUUID("id") + " is damaged", damaged);
        }
    }
}
