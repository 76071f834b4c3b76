package city.madang.identity.authorization;

import city.madang.identity.commits.SharedCommit;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.identity.offers.Fulfilment;
import city.madang.identity.secrets.AtRest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks access tokens at the credential issuer's endpoints (RFC 6750, RFC 9449 §7): one signature, one statement in the database,
 * which finds the token and the offer behind it and uses up its proof.
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

    private static final String TOKEN_AND_PROOF = "with token as (" + TOKEN + "),"
            + " since as (select from used_once_since where since <= $2),"
            + " once as (insert into used_once (sha256, expires_at) select $3::text, $4::timestamptz from token, since"
            + " where dpop_jkt = $5 on conflict do nothing returning 1)"
            + " select token.*, exists (select from since) as known, exists (select from once) as first from token";

    private final Pool pool;
    private final DpopNonces nonces;
    private final UsedOnce usedOnce;
    private final AtRest atRest;
    private final SharedCommit bound;

    AccessTokens(Pool pool, Vertx vertx, DpopNonces nonces, UsedOnce usedOnce, AtRest atRest) {
        this.pool = pool;
        this.bound = new SharedCommit(vertx, pool, TOKEN_AND_PROOF);
        this.nonces = nonces;
        this.usedOnce = usedOnce;
        this.atRest = atRest;
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
     * Checks a request's token and proof, in its own read. A proof is used up by it; a resource that calls this has {@link
     * OffersDpopNonce}.
     *
     * @param authorization the header, {@code DPoP …} or {@code Bearer …}
     * @param dpopProofs all headers {@code DPoP} of the request
     * @param method the request's, e.g. {@code POST}
     * @param url the endpoint's public address, without query
     */
    public Uni<Checked> check(@Nullable String authorization, List<String> dpopProofs, String method, String url) {
        Matcher matcher = AUTHORIZATION.matcher(authorization == null ? "" : authorization);
        if (!matcher.matches()) {
            // RFC 6750 §3.1: no error code where no token was sent
            return Uni.createFrom()
                    .item(refused("Bearer, " + ALGORITHMS, "invalid_token", "an access token is needed"));
        }
        String token = matcher.group(2);
        return matcher.group(1).equalsIgnoreCase("Bearer") ? bearer(token) : bound(token, dpopProofs, method, url);
    }

    private Uni<Checked> bearer(String token) {
        return pool.preparedQuery(TOKEN).execute(Tuple.of(Sha256.hex(token))).map(rows -> {
            Optional<Row> row = first(rows);
            if (row.isEmpty()) {
                return refused("Bearer error=\"invalid_token\"", "invalid_token", "the token is unknown or expired");
            }
            return row.get().getString("dpop_jkt") == null
                    ? new Checked.Good(grant(row.get()), token)
                    : refusedDpop("invalid_token", "the token is bound to a key, whose proof is missing");
        });
    }

    private Uni<Checked> bound(String token, List<String> proofs, String method, String url) {
        DpopProof proof;
        try {
            proof = DpopProof.check(proofs, method, url, Instant.now());
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
        Tuple parameters = Tuple.tuple()
                .addString(Sha256.hex(token))
                .addOffsetDateTime(fresh.get().from().atOffset(ZoneOffset.UTC))
                .addString(proof.onceSha256())
                .addOffsetDateTime(fresh.get().until().atOffset(ZoneOffset.UTC))
                .addString(proof.jkt());
        return bound.run(parameters).chain(found -> answer(found, proof, token));
    }

    private Uni<Checked> answer(Optional<Row> found, DpopProof proof, String token) {
        if (found.isEmpty()) {
            return Uni.createFrom().item(refusedDpop("invalid_token", "the token is unknown or expired"));
        }
        Row row = found.get();
        if (!proof.jkt().equals(row.getString("dpop_jkt"))) {
            return Uni.createFrom().item(refusedDpop("invalid_token", "the token is not bound to the proof's key"));
        }
        if (!row.getBoolean("known")) {
            return usedOnce.remember().map(ignored -> nonceNeeded());
        }
        return Uni.createFrom()
                .item(
                        row.getBoolean("first")
                                ? new Checked.Good(grant(row), token)
                                : refusedDpop("invalid_dpop_proof", "the proof was used before"));
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
    private static Checked nonceNeeded() {
        return refusedDpop("use_dpop_nonce", "the proof must hold a nonce from here");
    }

    private static Checked refusedDpop(String error, String description) {
        return refused(ALGORITHMS + ", error=\"" + error + "\"", error, description);
    }

    private static Checked refused(String challenge, String error, String description) {
        return new Checked.Refused(Response.status(Response.Status.UNAUTHORIZED)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(HttpHeaders.WWW_AUTHENTICATE, challenge)
                .entity(Map.of("error", error, "error_description", description))
                .build());
    }
}
