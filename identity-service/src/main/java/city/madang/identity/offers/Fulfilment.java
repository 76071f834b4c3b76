package city.madang.identity.offers;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The last step of an offer: its credentials are issued, once. */
@ApplicationScoped
public class Fulfilment {

    private static final String COLUMNS =
            "select id, credential_type, state, claims, application from credential_offer where ";

    /**
     * Part of the statement that notes an issuance: ends the offer {@code %1$s} (which may be null) and gives its id, unless it
     * was issued or ended before; of several at once only one gets it. Nothing personal is kept of it.
     */
    public static final String TAKE = "update credential_offer set state = 'issued', claims = null"
            + " where id = %1$s and state in ('offered', 'redeemed') and expires_at > now()";

    private final Pool pool;

    Fulfilment(Pool pool) {
        this.pool = pool;
    }

    /** @param claims null once issued */
    public record Offered(
            UUID id,
            String credentialType,
            @Nullable Map<String, @Nullable Object> claims,
            @Nullable UUID application) {
        @Override
        public String toString() {
            return "Offered[" + id + "]";
        }
    }

    /** The offer that a wallet has redeemed: issued already, or to be issued now; empty when it is over. */
    public Uni<Optional<Offered>> redeemed(UUID id) {
        return pool.preparedQuery(
                        COLUMNS + "id = $1 and (state = 'issued' or (state = 'redeemed' and expires_at > now()))")
                .execute(Tuple.of(id))
                .map(Fulfilment::first);
    }

    /** The newest offer of this type to this citizen that no wallet has come for. */
    public Uni<Optional<Offered>> newestOpen(String holder, String credentialType) {
        return pool.preparedQuery(COLUMNS + "holder = $1 and credential_type = $2 and state = 'offered'"
                        + " and expires_at > now() order by created desc limit 1")
                .execute(Tuple.of(holder, credentialType))
                .map(Fulfilment::first);
    }

    private static Optional<Offered> first(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row row = rows.iterator().next();
        @Nullable String claims = row.getString("claims");
        try {
            return Optional.of(new Offered(
                    row.getUUID("id"),
                    row.getString("credential_type"),
                    claims == null ? null : StrictJson.object(claims),
                    row.getUUID("application")));
        } catch (Malformed damaged) {
            throw new IllegalStateException("offer " + row.getUUID("id") + " is damaged", damaged);
        }
    }
}
