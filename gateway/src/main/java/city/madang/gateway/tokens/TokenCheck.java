package city.madang.gateway.tokens;

import city.madang.gateway.routing.Access;
import city.madang.gateway.tokens.TokenVerifier.Verdict;
import io.vertx.core.Future;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request shows what its operation asks for. A token that is bound to a key or to a certificate counts only with
 * the proof, or over the connection, of its owner (RFC 9449, section 7; RFC 8705, section 3).
 *
 * <p>Proofs for Keycloak's tokens end here: services are given such a token as a bearer token, so the door also sees to it that a proof is used
 * once. Tokens of wallets pass with their proof, and the authorization server, which alone knows nonces and bindings, checks
 * all of it again.
 */
public final class TokenCheck {

    private final TokenVerifier verifier;
    private final OnceOnly proofs;

    /** A check of Keycloak's tokens by {@code verifier}, whose proofs are remembered in {@code proofs}. */
    public TokenCheck(TokenVerifier verifier, OnceOnly proofs) {
        this.verifier = verifier;
        this.proofs = proofs;
    }

    /**
     * A request, as far as it matters here.
     *
     * @param authorization all its header fields of this name
     * @param proofs all its header fields {@code DPoP}
     * @param url its public address, asked for only where a proof comes along
     * @param certificate of the caller, where the connection has one
     * @param certificateNeeded whether only tokens that are bound to it count
     */
    public record Shown(
            List<String> authorization,
            List<String> proofs,
            String method,
            Supplier<URI> url,
            @Nullable ClientCertificate certificate,
            boolean certificateNeeded) {}

    /** What is decided. */
    public sealed interface Decision {

        /**
         * The request may go on.
         *
         * @param caller null if it has shown none that is known here
         * @param bearer the token that the service gets instead of a bound one; null if nothing is to be changed
         */
        record Admitted(@Nullable AccessToken caller, @Nullable String bearer) implements Decision {}

        /**
         * The request ends here with 401.
         *
         * @param error of RFC 6750, section 3.1, or RFC 9449, section 7.1; null if no token was shown
         * @param why a sentence for the caller
         * @param challenge value of {@code WWW-Authenticate}
         */
        record Refused(@Nullable String error, String why, String challenge) implements Decision {}

        /** It can't be decided now. */
        record Undecided() implements Decision {}
    }

    private static final String DPOP = "DPoP algs=\"ES256\"";
    private static final Decision NOBODY = new Decision.Admitted(null, null);

    /** Decides. The future always succeeds; at once, unless keys or shared memory have to be asked. */
    public Future<Decision> check(Access access, Shown shown) {
        if (access == Access.OPEN) {
            return Future.succeededFuture(NOBODY);
        }
        return switch (Presented.of(shown.authorization())) {
            case Presented.Nothing nothing ->
                Future.succeededFuture(
                        access == Access.OPTIONAL
                                ? NOBODY
                                : new Decision.Refused(null, "an access token is needed", "Bearer, " + DPOP));
            case Presented.Malformed malformed ->
                Future.succeededFuture(invalid("the Authorization header holds no access token"));
            case Presented.Token token ->
                access == Access.WALLET ? Future.succeededFuture(wallet(token, shown)) : keycloak(token, shown);
        };
    }

    private Decision wallet(Presented.Token token, Shown shown) {
        if (!token.bound()) {
            return NOBODY;
        }
        try {
            DpopProof.check(shown.proofs(), shown.method(), shown.url().get(), token.value(), verifier.now());
            return NOBODY;
        } catch (DpopProof.Refused refused) {
            return badProof(refused);
        }
    }

    private Future<Decision> keycloak(Presented.Token token, Shown shown) {
        Future<Verdict> verdict = verifier.verify(token.value());
        return verdict.compose(found -> switch (found) {
            case Verdict.Unknown unknown -> Future.succeededFuture(new Decision.Undecided());
            case Verdict.Bad bad -> Future.succeededFuture(invalid(bad.why()));
            case Verdict.Good(AccessToken good) -> bound(good, token, shown);
        });
    }

    private Future<Decision> bound(AccessToken good, Presented.Token token, Shown shown) {
        String certificate = good.certificateThumbprint();
        if (certificate != null
                && (shown.certificate() == null
                        || !certificate.equals(shown.certificate().thumbprint()))) {
            return Future.succeededFuture(invalid("the token is bound to another certificate than the connection's"));
        }
        if (certificate == null && shown.certificateNeeded()) {
            return Future.succeededFuture(invalid("only tokens that are bound to the caller's certificate count here"));
        }
        if (!token.bound()) {
            return Future.succeededFuture(
                    good.keyThumbprint() == null
                            ? new Decision.Admitted(good, null)
                            : refused("invalid_token", "the token is bound to a key, whose proof is missing", DPOP));
        }
        try {
            DpopProof proof =
                    DpopProof.check(shown.proofs(), shown.method(), shown.url().get(), token.value(), verifier.now());
            if (!proof.key().equals(good.keyThumbprint())) {
                return Future.succeededFuture(
                        refused("invalid_token", "the token is not bound to the proof's key", DPOP));
            }
            return proofs.first(proof.key() + ' ' + proof.id())
                    .map(first -> first
                            ? new Decision.Admitted(good, token.value())
                            : refused("invalid_dpop_proof", "the proof was used before", DPOP));
        } catch (DpopProof.Refused refused) {
            return Future.succeededFuture(badProof(refused));
        }
    }

    private static Decision invalid(String why) {
        return refused("invalid_token", why, "Bearer");
    }

    private static Decision badProof(DpopProof.Refused refused) {
        return refused("invalid_dpop_proof", String.valueOf(refused.getMessage()), DPOP);
    }

    private static Decision refused(String error, String why, String challenge) {
        return new Decision.Refused(
                error, why, challenge + (challenge.contains(" ") ? ", " : " ") + "error=\"" + error + "\"");
    }
}
