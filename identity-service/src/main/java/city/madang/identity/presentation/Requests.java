package city.madang.identity.presentation;

import city.madang.identity.applications.Application;
import city.madang.identity.presentation.checks.Step;
import city.madang.kit.events.Event;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Requests as answers find and end them: one statement each, by the plain client. */
@ApplicationScoped
class Requests {

    private static final String FIND =
            "select p.id, p.agency, p.dcql_query, p.state, p.client_id, p.nonce, p.wallet_state, p.encryption_key,"
                    + " p.key_thumbprint, p.transaction_data, p.expires_at, p.answer_sha256, p.application,"
                    + " a.service, a.agency as served_by, a.applicant, a.records_key, a.own_key"
                    + " from presentation p left join application a on a.id = p.application where p.id = $1";

    /** Forgets what only an open request needs, and tells it: all or nothing, for the first who comes. */
    private static final String END =
            "with ended as (update presentation set state = $2, answer_sha256 = $3, result = $4,"
                    + " expires_at = coalesce($5, expires_at), wallet_error = coalesce($6, wallet_error),"
                    + " response_code_sha256 = case when redirect_uri is not null then $7 end,"
                    + " encryption_key = null, transaction_data = null, dcql_query = ''"
                    + " where id = $1 and state = 'requested' and expires_at > $8 returning redirect_uri, browser_sha256),"
                    + " told as (insert into outbox (id, type, subject, happened, data, traceparent)"
                    + " select $9::uuid, $10, $11, $12::timestamptz, $13, $14 from ended where $9::uuid is not null)"
                    + " select redirect_uri, browser_sha256 from ended";

    private static final String WALLET_ERROR =
            "update presentation set wallet_error = $2 where id = $1 and state = 'requested' and expires_at > $3 returning 1";

    private static final String FAILED =
            "update presentation set failed_step = $2, failed_reason = $3, failed_at = now()"
                    + " where id = $1 and state = 'requested' and failed_reason is distinct from $3";

    private final Pool pool;

    Requests(Pool pool) {
        this.pool = pool;
    }

    /**
     * How a request ends.
     *
     * @param answerSha256 of the answer that ends it, hex
     * @param result sealed, for the agency; null if there is none
     * @param expiresAt until when the result waits; null: as the request did
     * @param walletError that the wallet gave instead of credentials
     * @param responseCodeSha256 of the code that opens the result, hex; kept where the browser has somewhere to return to
     * @param event to be told with it; null if there is none
     */
    record Ending(
            PresentationState state,
            String answerSha256,
            @Nullable String result,
            @Nullable Instant expiresAt,
            @Nullable String walletError,
            String responseCodeSha256,
            @Nullable Event event) {}

    /**
     * Where the browser of an ended request goes.
     *
     * @param redirectUri the agency's; null if nowhere
     * @param byOwnPage whether it began at this service's page, which knows it by its cookie
     */
    record Ended(@Nullable String redirectUri, boolean byOwnPage) {}

    Uni<Optional<Asked>> find(UUID id) {
        return pool.preparedQuery(FIND).execute(Tuple.of(id)).map(rows -> first(rows)
                .map(Requests::asked));
    }

    /** Empty if it had ended before, or has expired by {@code now}. */
    Uni<Optional<Ended>> end(UUID id, Ending ending, Instant now) {
        Event event = ending.event();
        Tuple values = Tuple.tuple()
                .addUUID(id)
                .addString(ending.state().text())
                .addString(ending.answerSha256())
                .addString(ending.result())
                .addOffsetDateTime(time(ending.expiresAt()))
                .addString(ending.walletError())
                .addString(ending.responseCodeSha256())
                .addOffsetDateTime(time(now))
                .addUUID(event == null ? null : event.id())
                .addString(event == null ? null : event.type())
                .addString(event == null ? null : event.subject())
                .addOffsetDateTime(event == null ? null : time(event.time()))
                .addString(event == null ? null : event.data().encode())
                .addString(event == null ? null : event.traceparent());
        return pool.preparedQuery(END).execute(values).map(rows -> first(rows)
                .map(row -> new Ended(row.getString("redirect_uri"), row.getString("browser_sha256") != null)));
    }

    /** Notes what the wallet said instead of answering; the request stays open. False if it is not open. */
    Uni<Boolean> declined(UUID id, String walletError, Instant now) {
        return pool.preparedQuery(WALLET_ERROR)
                .execute(Tuple.of(id, walletError, time(now)))
                .map(rows -> rows.size() == 1);
    }

    /** Notes for the agency which check an answer failed; the request stays open. */
    Uni<Void> failed(UUID id, Step step, String why) {
        return pool.preparedQuery(FAILED)
                .execute(Tuple.of(id, step.text(), why))
                .replaceWithVoid();
    }

    private static Asked asked(Row row) {
        UUID application = row.getUUID("application");
        return new Asked(
                row.getUUID("id"),
                row.getString("agency"),
                row.getString("dcql_query"),
                PresentationState.of(row.getString("state")),
                row.getString("client_id"),
                row.getString("nonce"),
                row.getString("wallet_state"),
                row.getString("encryption_key"),
                row.getString("key_thumbprint"),
                row.getString("transaction_data"),
                row.getOffsetDateTime("expires_at").toInstant(),
                row.getString("answer_sha256"),
                application == null
                        ? null
                        : new Application(
                                application,
                                row.getString("service"),
                                row.getString("served_by"),
                                row.getString("applicant"),
                                new JsonObject(row.getString("records_key")),
                                row.getString("own_key")));
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
