package city.madang.payment.receipts;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** The signatures of a payment, and the keys with which they were made. */
@ApplicationScoped
class Evidence {

    private static final String FIND =
            """
            select t.signature, k.x, k.y, t.capture_key_version, t.capture_signature, c.x, c.y from transfer t
              join key_of_account k on k.account = t.payer and k.key_version = t.key_version
              left join key_of_account c on c.account = t.capturer and c.key_version = t.capture_key_version
             where t.id = $1
            """;

    private final Pool pool;

    Evidence(Pool pool) {
        this.pool = pool;
    }

    /** A point of P-256, {@code 0x}-hex. */
    record Key(String x, String y) {}

    /**
     * What the capturer signed.
     *
     * @param keyVersion of the capturer's key
     * @param signature base64url
     * @param key the capturer's
     */
    record Capture(long keyVersion, String signature, Key key) {}

    /**
     * What was signed.
     *
     * @param signature the payer's, base64url
     * @param key the payer's
     * @param capture null for what was no hold
     */
    record Signed(String signature, Key key, @Nullable Capture capture) {}

    /** Of a payment that is there. */
    Uni<Signed> of(String authorisation) {
        return pool.preparedQuery(FIND).execute(Tuple.of(authorisation)).map(rows -> {
            var row = rows.iterator().next();
            @Nullable Integer version = row.getInteger(3);
            return new Signed(
                    row.getString(0),
                    new Key(row.getString(1), row.getString(2)),
                    version == null
                            ? null
                            : new Capture(version, row.getString(4), new Key(row.getString(5), row.getString(6))));
        });
    }
}
