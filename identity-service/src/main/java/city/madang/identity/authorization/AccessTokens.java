package city.madang.identity.authorization;

import city.madang.identity.jose.Sha256;
import city.madang.identity.problem.OpenIdError;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks access tokens at the credential issuer's endpoints: one round trip to the database. */
@ApplicationScoped
public class AccessTokens {

    /** RFC 6750 §2.1 and RFC 9449 §7.1. */
    private static final Pattern AUTHORIZATION = Pattern.compile("(?i:(Bearer|DPoP)) +([A-Za-z0-9._~+/=-]{1,200})");

    private static final String FIND =
            "select g.id, g.holder, g.offer, g.credentials, g.assurance, g.sign_in_claims, g.dpop_jkt"
                    + " from access_token t join wallet_grant g on g.id = t.grant_id"
                    + " where t.sha256 = $1 and t.expires_at > now() and g.expires_at > now()";

    private final Pool pool;

    AccessTokens(Pool pool) {
        this.pool = pool;
    }

    /** Whether a request may go on. */
    public sealed interface Checked {
        /** @param token as the wallet sent it: a secret */
        record Good(AccessGrant grant, String token) implements Checked {
            @Override
            public String toString() {
                return "Good[" + grant + "]";
            }
        }

        /** @param response to be answered as it is */
        record Refused(Response response) implements Checked {}
    }

    /**
     * Checks a request's token and proof, in its own read.
     *
     * @param authorization the header, {@code DPoP …} or {@code Bearer …}
     * @param dpopProofs all headers {@code DPoP} of the request
     * @param method the request's, e.g. {@code POST}
     * @param url the endpoint's public address, without query
     */
    public Uni<Checked> check(@Nullable String authorization, List<String> dpopProofs, String method, String url) {
        if (authorization == null) {
            return refused(new OpenIdError(401, "invalid_token", "an access token is needed", "Bearer"));
        }
        Matcher matcher = AUTHORIZATION.matcher(authorization);
        if (!matcher.matches()) {
            return refused(new OpenIdError(401, "invalid_token", "an access token is needed", "Bearer"));
        }
        String token = matcher.group(2);
        return pool.preparedQuery(FIND).execute(Tuple.of(Sha256.hex(token))).map(rows -> answer(rows, token));
    }

    private static Checked answer(RowSet<Row> rows, String token) {
        if (rows.size() == 0) {
            return new Checked.Refused(OpenIdError.invalidToken("the access token is unknown or expired")
                    .toResponse());
        }
        return new Checked.Good(grant(rows.iterator().next()), token);
    }

    private static AccessGrant grant(Row row) {
        return new AccessGrant(
                row.getUUID("id"),
                row.getString("holder"),
                row.getUUID("offer"),
                AccessGrant.read(row.getString("credentials")),
                row.getString("assurance"),
                AccessGrant.claims(row.getString("sign_in_claims")));
    }

    private static Uni<Checked> refused(OpenIdError error) {
        return Uni.createFrom().item(new Checked.Refused(error.toResponse()));
    }
}
