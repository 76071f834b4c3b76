package city.madang.identity.issuance;

import city.madang.identity.authorization.AccessGrant;
import city.madang.identity.authorization.AccessTokens;
import city.madang.identity.authorization.Unspent;
import city.madang.identity.authorization.WalletProviders;
import city.madang.identity.jose.Malformed;
import city.madang.identity.problem.OpenIdError;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A wallet asks for a credential (OpenID4VCI 1.0 clause 8): it is issued now, or its agency is asked. */
@Singleton
public class IssueCredential {

    /** An attestation costs about as much as this many proofs. */
    private static final int ATTESTATION = 4;

    private final Catalogue catalogue;
    private final WalletProviders providers;
    private final Nonces nonces;
    private final ClaimsOf claimsOf;
    private final Issuing issuing;
    private final Issuances issuances;
    private final PendingRequests pending;
    private final IdentitySettings settings;

    IssueCredential(
            Catalogue catalogue,
            WalletProviders providers,
            Nonces nonces,
            ClaimsOf claimsOf,
            Issuing issuing,
            Issuances issuances,
            PendingRequests pending,
            IdentitySettings settings) {
        this.catalogue = catalogue;
        this.providers = providers;
        this.nonces = nonces;
        this.claimsOf = claimsOf;
        this.issuing = issuing;
        this.issuances = issuances;
        this.pending = pending;
        this.settings = settings;
    }

    /** Uses up the request's proof before it does or answers anything, or with it. */
    Uni<Answer> issue(Unspent access, CredentialRequest request) {
        return decide(access.grant(), request).chain(next -> switch (next) {
            case Next.Issue issue -> issuing.issue(access, issue.order(), issue.nonce());
            case Next.Then then ->
                access.spend().chain(checked -> switch (checked) {
                    case AccessTokens.Checked.Refused refused -> Answer.refused(refused.error());
                    case AccessTokens.Checked.Good good -> then.work().apply(good);
                });
        });
    }

    /** What is to be done for a request, found out by reading alone. */
    private sealed interface Next {
        /** An offer is issued, and the proof used up with it. */
        record Issue(Issuing.Order order, Issuances.Right.Nonce nonce) implements Next {}

        /** The proof is used up, and then this is done. */
        record Then(Function<AccessTokens.Checked.Good, Uni<Answer>> work) implements Next {}

        static Uni<Next> then(Function<AccessTokens.Checked.Good, Uni<Answer>> work) {
            return Uni.createFrom().item(new Then(work));
        }

        static Uni<Next> answer(Uni<Answer> answer) {
            return then(access -> answer);
        }
    }

    private Uni<Next> decide(AccessGrant grant, CredentialRequest request) {
        return switch (request) {
            case CredentialRequest.Bad bad -> Next.answer(Answer.refused(bad.error()));
            case CredentialRequest.NotGranted other ->
                catalogue.find(other.configuration()).chain(found -> Next.answer(notGranted(found.isPresent())));
            case CredentialRequest.Good good ->
                catalogue
                        .find(good.configuration())
                        .chain(found ->
                                found.isEmpty() ? Next.answer(notGranted(false)) : prove(grant, found.get(), good));
        };
    }

    private static Uni<Answer> notGranted(boolean exists) {
        return Answer.refused(
                exists
                        ? new OpenIdError(
                                403,
                                "insufficient_scope",
                                "the access token is not for this credential",
                                "DPoP error=\"insufficient_scope\"")
                        : OpenIdError.badRequest(
                                "unknown_credential_configuration", "there is no such credential configuration"));
    }

    private sealed interface Proven {
        record Good(KeyProofs proofs) implements Proven {}

        record Bad(String why) implements Proven {}
    }

    private Uni<Next> prove(AccessGrant grant, Issuable what, CredentialRequest.Good request) {
        String level = what.type().acr();
        if (level != null && !reaches(grant.assurance(), level)) {
            return Next.answer(Answer.refused(
                    "credential_request_denied", "the sign-in does not reach the level that this credential needs"));
        }
        @Nullable Object proofs = request.proofs();
        if (proofs == null) {
            return Next.answer(
                    Answer.refused("invalid_proof", "a proof of possession is needed, in the member proofs"));
        }
        return Effort.of(signatures(proofs, what), () -> prove(proofs, what)).chain(proven -> switch (proven) {
            case Proven.Bad bad -> Next.answer(Answer.refused("invalid_proof", bad.why()));
            case Proven.Good good -> {
                Optional<Issuances.Right.Nonce> nonce =
                        nonces.check(good.proofs().nonce());
                HolderKeys holders =
                        HolderKeys.of(good.proofs().keys(), what.type().batchSize());
                yield nonce.isEmpty() ? Next.answer(Issuing.usedNonce()) : issue(grant, what, holders, nonce.get());
            }
        });
    }

    /** How many signatures are about to be checked, roughly. */
    private static int signatures(Object proofs, Issuable what) {
        return proofs instanceof Map<?, ?> byType
                        && byType.get("jwt") instanceof List<?> jwts
                        && what.type().keyAttestation() == null
                ? jwts.size()
                : ATTESTATION;
    }

    private Proven prove(Object proofs, Issuable what) {
        Instant now = Instant.now();
        try {
            return new Proven.Good(KeyProofs.check(
                    proofs,
                    settings.issuer(),
                    new KeyAttestations(providers::leafOf, what.type().keyAttestation(), now),
                    now));
        } catch (Malformed refused) {
            return new Proven.Bad(String.valueOf(refused.getMessage()));
        }
    }

    private Uni<Next> issue(AccessGrant grant, Issuable what, HolderKeys holders, Issuances.Right.Nonce nonce) {
        return claimsOf.find(grant, what.type()).chain(found -> switch (found) {
            case ClaimsOf.Found.Claims claims ->
                Issuing.Order.of(what, claims, holders)
                        .map(order -> claims.offer() == null
                                ? Next.then(access -> issuing.issue(access, order, nonce))
                                : Uni.createFrom().<Next>item(new Next.Issue(order, nonce)))
                        .orElseGet(() -> Next.answer(Issuing.noIssuer()));
            case ClaimsOf.Found.IssuedBefore before -> Next.then(access -> again(access, what, holders, nonce));
            case ClaimsOf.Found.Over over ->
                Next.answer(Answer.refused(OpenIdError.invalidToken("the offer behind the access token is over")));
            case ClaimsOf.Found.Lacking lacking ->
                Next.answer(
                        Answer.refused("credential_request_denied", "the sign-in lacks what this credential holds"));
            case ClaimsOf.Found.Unknown unknown -> Next.then(access -> defer(access, what, holders, nonce));
        });
    }

    private Uni<Answer> again(
            AccessTokens.Checked.Good access, Issuable what, HolderKeys holders, Issuances.Right.Nonce nonce) {
        return issuances.use(nonce).chain(fresh -> fresh ? issuing.again(access, what, holders) : Issuing.usedNonce());
    }

    /** Asks the agency, unless it has decided before and only the answer was lost. */
    private Uni<Answer> defer(
            AccessTokens.Checked.Good access, Issuable what, HolderKeys holders, Issuances.Right.Nonce nonce) {
        AccessGrant grant = access.grant();
        return issuances
                .kept(grant.id(), what.type().id(), holders.sha256())
                .chain(kept -> kept.isPresent()
                        ? again(access, what, holders, nonce)
                        : pending.add(what, grant, holders, nonce)
                                .chain(transaction -> transaction.isEmpty()
                                        ? Issuing.usedNonce()
                                        : Uni.createFrom().item(new Answer.Deferred(transaction.get()))));
    }

    /** Levels are ordered; one that is not known reaches none but itself. */
    private boolean reaches(@Nullable String reached, String needed) {
        List<String> levels = settings.authorization().assuranceLevels();
        return needed.equals(reached)
                || (reached != null && levels.contains(needed) && levels.indexOf(reached) >= levels.indexOf(needed));
    }
}
