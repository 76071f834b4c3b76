package city.madang.identity.issuance;

import city.madang.identity.authorization.UsedOnce;
import city.madang.identity.commits.SharedCommit;
import city.madang.identity.offers.Fulfilment;
import city.madang.identity.status.Revocations;
import city.madang.kit.tracing.Traceparent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** What was issued: one row for each issuance, written with all that goes with it in one statement. */
@Singleton
public class Issuances {

    private static final String SAME =
            "grant_id = $6::uuid and credential_type = $5 and holder_keys_sha256 = $7 and answer is not null";

    /**
     * Whoever uses up the right ({@code used}), and takes the offer if there is one, makes the issuance and its event, all or
     * nothing. Without an offer nothing is made that an earlier issuance under the same grant was revoked or suspended for.
     */
    private static final String NOTE = "with %s,"
            + " blocked as (select 1 from issuance where $3::uuid is null and credential_type = $5"
            + " and " + Revocations.ENTITLEMENT + " = $6::uuid and status <> 'valid'),"
            + " taken as (" + Fulfilment.TAKE.formatted("$3::uuid")
            + " and exists (select from used) and not exists (select from issuance where " + SAME + ") returning id),"
            + " made as (insert into issuance (id, credential_type, agency, holder, grant_id, offer, application, format,"
            + " holder_keys_sha256, status_list, status_indexes, issued_at, expires_at, answer, answer_until)"
            + " select $4::uuid, $5, $8, $9, $6::uuid, $3::uuid, $10::uuid, $11, $7, $12::uuid, $13::int[],"
            + " $14::timestamptz, $15::timestamptz, $16::bytea, $17::timestamptz"
            + " where exists (select from used) and not exists (select from blocked)"
            + " and ($3::uuid is null or exists (select from taken)) on conflict do nothing returning id),"
            + " told as (insert into outbox (id, type, subject, happened, data, traceparent)"
            + " select $18::uuid, 'credential.issued', $19, $14::timestamptz, $20, $21 from made)"
            + " select exists (select from used) as used, exists (select from blocked) as blocked,"
            + " exists (select from made) as made, %s";

    private static final String FIND = "select id, answer from issuance where grant_id = $1 and credential_type = $2"
            + " and holder_keys_sha256 = $3 and answer is not null and answer_until > now()";

    private static final String USE_REQUEST =
            "update credential_request set state = 'issued', claims = null, keys = '', issuance = $4"
                    + " where id = $1 and state = 'ready' and expires_at > $2 returning 1";

    private static final String USE_NONCE_IF = "insert into used_nonce (sha256, expires_at)"
            + " select $1::text, $2::timestamptz %s on conflict do nothing returning 1";

    /** Uses up the nonce of the first parameter, which is no good after the second; a row if it was not used before. */
    static final String USE_NONCE = USE_NONCE_IF.formatted("");

    /** Without the proof there is no nonce, and so nothing at all. */
    private static final String NOTE_BY_PROOF = NOTE.formatted(
            UsedOnce.USE.formatted("$22", "$23", "$24", "") + ", used as (" + USE_NONCE_IF.formatted("from once") + ")",
            UsedOnce.USED);

    private static final String NOTE_BY_NONCE = note(USE_NONCE);
    private static final String NOTE_BY_REQUEST = note(USE_REQUEST);

    /** A nonce was found fresh by the clock of a service, which may be behind, and what uses it up may still be under way. */
    private static final String FORGET_NONCES =
            "delete from used_nonce where expires_at <= now() - interval '1 minute'";

    private final Pool pool;
    private final SharedCommit byNonce;
    private final SharedCommit byProof;

    Issuances(Pool pool, Vertx vertx) {
        this.pool = pool;
        this.byNonce = new SharedCommit(vertx, pool, NOTE_BY_NONCE);
        this.byProof = new SharedCommit(vertx, pool, NOTE_BY_PROOF);
    }

    /** By a right that has no proof of a request with it. */
    private static String note(String use) {
        return NOTE.formatted("used as (" + use + ")", "true as first, true as known");
    }

    /** What gives the right to issue, and is used up by it. */
    sealed interface Right {
        /** The nonce of the key proofs, in a request whose own proof is used up or that has none. */
        record Nonce(String sha256, Instant expiresAt) implements Right {}

        /** The nonce of the key proofs, and the proof of the request that they came in. */
        record Proven(Nonce nonce, UsedOnce.Thing proof) implements Right {}

        /** A pending request that its agency has decided. */
        record Decided(UUID request, Instant now) implements Right {}
    }

    /**
     * How it went.
     *
     * @param proof of the request; where it was used before nothing has happened
     */
    record Noted(Outcome outcome, UsedOnce.Use proof) {}

    enum Outcome {
        /** The nonce or the request was used before; nothing has happened. */
        USED_BEFORE,
        /** What was issued under this grant before is revoked or suspended. */
        BLOCKED,
        /** Issued before: to the same keys under this grant, or from this offer. */
        ISSUED_BEFORE,
        MADE
    }

    /** Notes an issuance, unless it must not be. */
    Uni<Noted> note(NewIssuance issuance, Right right) {
        if (issuance.offer() != null) {
            return switch (right) {
                case Right.Proven proven -> note(byProof, issuance, right);
                case Right.Nonce nonce -> note(byNonce, issuance, right);
                case Right.Decided decided -> note(pool, issuance, right);
            };
        }
        // a revocation of the same entitlement comes either before this, and is seen, or after it, and takes it along
        String entitlement =
                Revocations.lockName(issuance.grant(), issuance.what().type().id());
        return pool.withTransaction(connection -> connection
                .preparedQuery(Revocations.LOCK.formatted("$1"))
                .execute(Tuple.of(entitlement))
                .chain(() -> note(connection, issuance, right)));
    }

    private static Uni<Noted> note(SharedCommit shared, NewIssuance issuance, Right right) {
        return shared.run(values(issuance, right)).map(row -> noted(row.orElseThrow()));
    }

    private static Uni<Noted> note(SqlClient client, NewIssuance issuance, Right right) {
        String note =
                switch (right) {
                    case Right.Proven proven -> NOTE_BY_PROOF;
                    case Right.Nonce nonce -> NOTE_BY_NONCE;
                    case Right.Decided decided -> NOTE_BY_REQUEST;
                };
        return client.preparedQuery(note)
                .execute(values(issuance, right))
                .map(rows -> noted(rows.iterator().next()));
    }

    private static Tuple values(NewIssuance issuance, Right right) {
        return switch (right) {
            case Right.Proven proven -> {
                Tuple values = values(issuance, proven.nonce());
                proven.proof().addTo(values);
                yield values;
            }
            case Right.Nonce nonce -> values(issuance, nonce.sha256(), nonce.expiresAt());
            case Right.Decided decided -> values(issuance, decided.request(), decided.now());
        };
    }

    private static Tuple values(NewIssuance issuance, Object right, Instant time) {
        return Tuple.tuple()
                .addValue(right)
                .addValue(time(time))
                .addValue(issuance.offer())
                .addValue(issuance.id())
                .addValue(issuance.what().type().id())
                .addValue(issuance.grant())
                .addValue(issuance.keysSha256())
                .addValue(issuance.what().type().agency())
                .addValue(issuance.holder())
                .addValue(issuance.application())
                .addValue(issuance.what().type().format().text())
                .addValue(issuance.statusList())
                .addValue(issuance.statusIndexes())
                .addValue(time(issuance.issuedAt()))
                .addValue(time(issuance.expiresAt()))
                .addValue(Buffer.buffer(issuance.sealed()))
                .addValue(time(issuance.answerUntil()))
                .addValue(UUID.randomUUID())
                .addValue(issuance.subject())
                .addValue(issuance.event().encode())
                .addValue(Traceparent.current());
    }

    private static Noted noted(Row row) {
        return new Noted(outcome(row), UsedOnce.Use.of(row));
    }

    private static Outcome outcome(Row row) {
        if (row.getBoolean("made")) {
            return Outcome.MADE;
        }
        if (!row.getBoolean("used")) {
            return Outcome.USED_BEFORE;
        }
        return row.getBoolean("blocked") ? Outcome.BLOCKED : Outcome.ISSUED_BEFORE;
    }

    /** Uses a nonce up where nothing is to be issued; false if it was used before. */
    Uni<Boolean> use(Right.Nonce nonce) {
        return pool.preparedQuery(USE_NONCE)
                .execute(Tuple.of(nonce.sha256(), time(nonce.expiresAt())))
                .map(rows -> rows.size() == 1);
    }

    /** An answer given before and kept, sealed. */
    record Kept(UUID issuance, byte[] sealed) {}

    /** What was issued under this grant to these keys, while it can still be fetched again. */
    Uni<Optional<Kept>> kept(UUID grant, String credentialType, String keysSha256) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(grant, credentialType, keysSha256))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(kept(rows.iterator().next())));
    }

    private static Kept kept(Row row) {
        return new Kept(row.getUUID("id"), row.getBuffer("answer").getBytes());
    }

    /** Lets go of an answer that can no longer be given, so that the same keys may be used anew. */
    Uni<Void> forget(UUID grant, String credentialType, String keysSha256) {
        return pool.preparedQuery("update issuance set answer = null where grant_id = $1 and credential_type = $2"
                        + " and holder_keys_sha256 = $3 and answer is not null")
                .execute(Tuple.of(grant, credentialType, keysSha256))
                .replaceWithVoid();
    }

    /**
     * Notes what a wallet tells of an issuance under its grant. Once the credentials are stored or not wanted, the answer is deleted;
     * that to an offer stays as long as it would have, since nothing else can be issued to the same keys. False if there is no such
     * issuance.
     */
    Uni<Boolean> notified(UUID issuance, UUID grant, String event) {
        return pool.preparedQuery("update issuance set notified = $3, answer = case when $3 = 'credential_failure'"
                        + " or ($3 = 'credential_accepted' and offer is not null) then answer else null end"
                        + " where id = $1 and grant_id = $2 returning 1")
                .execute(Tuple.of(issuance, grant, event))
                .map(RowSet::size)
                .map(found -> found == 1);
    }

    @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> forgetExpired() {
        return pool.query("update issuance set answer = null where answer is not null and answer_until <= now()")
                .execute()
                .chain(() -> pool.query(FORGET_NONCES).execute())
                .replaceWithVoid();
    }

    static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
