package city.madang.identity.offers;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The last step of an offer: its credentials are issued, once. */
@Singleton
public class Fulfilment {

    /** Columns of {@link #GRANTED}, read by {@link #granted}. */
    public static final String GRANTED_COLUMNS =
            "o.id as offered, o.claims as offered_claims, o.application as offered_application";

    /** Part of the statement that finds a grant {@code g}: the offer that it redeemed, unless that was withdrawn or has expired. */
    public static final String GRANTED = " left join credential_offer o on o.id = g.offer"
            + " and (o.state = 'issued' or (o.state = 'redeemed' and o.expires_at > now()))";

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
    public record Offered(UUID id, @Nullable Map<String, @Nullable Object> claims, @Nullable UUID application) {
        @Override
        public String toString() {
            return "Offered[" + id + "]";
        }
    }

    /** The offer that the wallet has redeemed: issued already, or to be issued now; empty when there is none or it is over. */
    public static Optional<Offered> granted(Row row) {
        return Optional.ofNullable(row.getUUID("offered"))
                .map(id -> offered(id, row.getString("offered_claims"), row.getUUID("offered_application")));
    }

    /** The newest offer of this type to this citizen that no wallet has come for. */
    public Uni<Optional<Offered>> newestOpen(String holder, String credentialType) {
        return pool.preparedQuery("select id, claims, application from credential_offer"
                        + " where holder = $1 and credential_type = $2 and state = 'offered'"
                        + " and expires_at > now() order by created desc limit 1")
                .execute(Tuple.of(holder, credentialType))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next())
                                .map(row -> offered(
                                        row.getUUID("id"), row.getString("claims"), row.getUUID("application"))));
    }

    private static Offered offered(UUID id, @Nullable String claims, @Nullable UUID application) {
        try {
            return new Offered(id, claims == null ? null : StrictJson.object(claims), application);
        } catch (Malformed damaged) {
            throw new IllegalStateException("offer " + id + " is damaged", damaged);
        }
    }
}
