package city.madang.identity.authorization;

import city.madang.identity.commits.SharedCommit;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.identity.offers.Fulfilment;
import city.madang.identity.problem.OpenIdError;
import city.madang.identity.secrets.AtRest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks access tokens at the credential issuer's endpoints (RFC 6750, RFC 9449 §7): one signature, and one statement in the database,
 * which finds the token and the offer behind it. It uses up the proof as well, unless that is left to what the request asks for.
 */
@Singleton
public class AccessTokens {

    /** RFC 6750 §2.1 and RFC 9449 §7.1. */
    private static final Pattern AUTHORIZATION = Pattern.compile("(?i:(Bearer|DPoP)) +([A-Za-z0-9._~+/=-]{1,200})");

    private static final String ALGORITHMS = "DPoP algs=\"ES256\"";

    private static final String TOKEN = "select g.id, g.holder, g.offer, g.credentials, g.assurance, g.sign_in_claims,"
            + " coalesce(t.dpop_jkt, g.dpop_jkt) as dpop_jkt, "
            + Fulfilment.GRANTED_COLUMNS
            + " from access_token t join wallet_grant g on g.id = t.grant_id"
            + Fulfilment.GRANTED
            + " where t.sha256 = $1 and t.expires_at > now() and g.expires_at > now()";

    private static final String TOKEN_BEFORE_PROOF = "with token as (" + TOKEN + ")"
            + " select token.*, dpop_jkt = $2 as bound, " + UsedOnce.UNUSED.formatted("$3", "$4", "$5") + " from token";

    private static final String TOKEN_AND_PROOF = "with token as (" + TOKEN + "), "
            + UsedOnce.USE.formatted("$3", "$4", "$5", "where exists (select from token where dpop_jkt = $2)")
            + " select token.*, dpop_jkt = $2 as bound, " + UsedOnce.USED + " from token";

    private final Pool pool;
    private final DpopNonces nonces;
    private final UsedOnce usedOnce;
    private final AtRest atRest;
    private final SharedCommit reading;
    private final SharedCommit usingUp;

    AccessTokens(Pool pool, Vertx vertx, DpopNonces nonces, UsedOnce usedOnce, AtRest atRest) {
        this.pool = pool;
        this.reading = new SharedCommit(vertx, pool, TOKEN_BEFORE_PROOF);
        this.usingUp = new SharedCommit(vertx, pool, TOKEN_AND_PROOF);
        this.nonces = nonces;
        this.usedOnce = usedOnce;
        this.atRest = atRest;
    }

    /** Whether a request may go on. */
    public sealed interface Checked {
        /**
         * It may; its proof, if it has one, is used up.
         *
         * @param token as the wallet sent it: a secret
         */
        record Good(AccessGrant grant, String token) implements Checked {
            @Override
            public String toString() {
                return "Good[" + grant + "]";
            }
        }

        record Refused(OpenIdError error) implements Checked, Found, Looked {}
    }

    /** Whether a request may go on to where its proof is used up. */
    public sealed interface Found permits Checked.Refused, Unspent {}

    /**
     * What a request has to show.
     *
     * @param authorization the header, {@code DPoP …} or {@code Bearer …}
     * @param dpopProofs all headers {@code DPoP} of the request
     * @param method the request's, e.g. {@code POST}
     * @param url the endpoint's public address, without query
     */
    public record Credentials(@Nullable String authorization, List<String> dpopProofs, String method, String url) {}

    /** Checks a request's token, and uses up its proof. A resource that calls this has {@link OffersDpopNonce}. */
    public Uni<Checked> check(Credentials credentials) {
        return look(credentials, usingUp).map(looked -> switch (looked) {
            case Checked.Refused refused -> refused;
            case Seen seen -> checked(seen.good(), seen.use());
        });
    }

    /**
     * Checks a request's token and proof, of which the latter is not used up yet: whoever calls this has to. A resource that calls this
     * has {@link OffersDpopNonce}.
     */
    public Uni<Found> find(Credentials credentials) {
        return look(credentials, reading).map(looked -> switch (looked) {
            case Checked.Refused refused -> refused;
            case Seen seen ->
                switch (checked(seen.good(), seen.use())) {
                    case Checked.Refused refused -> refused;
                    case Checked.Good good -> new Unspent(good, seen.once(), usedOnce);
                };
        });
    }

    private sealed interface Looked permits Checked.Refused, Seen {}

    /**
     * A token that is good, and has the proof that it needs.
     *
     * @param once the proof, null for a bearer token
     * @param use whether the proof was used before
     */
    private record Seen(Checked.Good good, UsedOnce.@Nullable Thing once, UsedOnce.Use use) implements Looked {}

    private Uni<Looked> look(Credentials credentials, SharedCommit statement) {
        String authorization = credentials.authorization();
        Matcher matcher = AUTHORIZATION.matcher(authorization == null ? "" : authorization);
        if (!matcher.matches()) {
            // RFC 6750 §3.1: no error code where no token was sent
            return Uni.createFrom()
                    .item(refused("Bearer, " + ALGORITHMS, "invalid_token", "an access token is needed"));
        }
        String token = matcher.group(2);
        return matcher.group(1).equalsIgnoreCase("Bearer") ? bearer(token) : bound(token, credentials, statement);
    }

    private Uni<Looked> bearer(String token) {
        return pool.preparedQuery(TOKEN).execute(Tuple.of(Sha256.hex(token))).map(rows -> {
            Optional<Row> row = first(rows);
            if (row.isEmpty()) {
                return refused("Bearer error=\"invalid_token\"", "invalid_token", "the token is unknown or expired");
            }
            return row.get().getString("dpop_jkt") == null
                    ? new Seen(new Checked.Good(grant(row.get()), token), null, UsedOnce.Use.FIRST)
                    : refusedDpop("invalid_token", "the token is bound to a key, whose proof is missing");
        });
    }

    private Uni<Looked> bound(String token, Credentials credentials, SharedCommit statement) {
        DpopProof proof;
        try {
            proof = DpopProof.check(credentials.dpopProofs(), credentials.method(), credentials.url(), Instant.now());
        } catch (Malformed malformed) {
            return Uni.createFrom().item(refusedDpop("invalid_dpop_proof", String.valueOf(malformed.getMessage())));
        }
        if (!proof.isFor(token)) {
            return Uni.createFrom().item(refusedDpop("invalid_dpop_proof", "ath is not the hash of the access token"));
        }
        Optional<DpopNonces.Fresh> fresh = nonces.fresh(proof.nonce());
        if (fresh.isEmpty()) {
            return Uni.createFrom().item(nonceNeeded());
        }
        UsedOnce.Thing once = proof.once(fresh.get());
        Tuple values = Tuple.of(Sha256.hex(token), proof.jkt());
        once.addTo(values);
        return statement.run(values).chain(found -> answer(found, once, token));
    }

    private Uni<Looked> answer(Optional<Row> found, UsedOnce.Thing once, String token) {
        if (found.isEmpty()) {
            return Uni.createFrom().item(refusedDpop("invalid_token", "the token is unknown or expired"));
        }
        Row row = found.get();
        if (!Boolean.TRUE.equals(row.getBoolean("bound"))) {
            return Uni.createFrom().item(refusedDpop("invalid_token", "the token is not bound to the proof's key"));
        }
        return usedOnce.told(UsedOnce.Use.of(row)).map(use -> new Seen(new Checked.Good(grant(row), token), once, use));
    }

    /** What a request may do whose proof was used like this. */
    static Checked checked(Checked.Good good, UsedOnce.Use use) {
        return switch (use) {
            case FIRST -> good;
            case AGAIN -> refusedDpop("invalid_dpop_proof", "the proof was used before");
            case FORGOTTEN -> nonceNeeded();
        };
    }

    private AccessGrant grant(Row row) {
        UUID id = row.getUUID("id");
        String sealed = row.getString("sign_in_claims");
        return new AccessGrant(
                id,
                row.getString("holder"),
                row.getUUID("offer"),
                Fulfilment.granted(row).orElse(null),
                AccessGrant.read(row.getString("credentials")),
                row.getString("assurance"),
                AccessGrant.claims(sealed == null ? null : atRest.open(id, AtRest.Kind.SIGN_IN, sealed)));
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
    }

    /** RFC 9449 §9. */
    private static Checked.Refused nonceNeeded() {
        return refusedDpop("use_dpop_nonce", "the proof must hold a nonce from here");
    }

    private static Checked.Refused refusedDpop(String error, String description) {
        return refused(ALGORITHMS + ", error=\"" + error + "\"", error, description);
    }

    private static Checked.Refused refused(String challenge, String error, String description) {
        return new Checked.Refused(new OpenIdError(401, error, description, challenge));
    }
}
