package city.madang.identity.issuance;

import city.madang.identity.authorization.AccessGrant;
import city.madang.identity.authorization.AccessTokens;
import city.madang.identity.authorization.Unspent;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.status.StatusIndexes;
import city.madang.identity.status.StatusRef;
import city.madang.identity.types.Format;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Signs credentials and notes their issuance, at most once: everything is signed before it is noted, and answered only when it is
 * noted, so that a crash in between leaves nothing but unused places in a status list.
 */
@Singleton
public class Issuing {

    /** A batch is to lie in one status list; that blocks of two lists meet in it happens once in a million issuances. */
    private static final int TRIES = 4;

    private final StatusIndexes indexes;
    private final CredentialSigner signer;
    private final Issuances issuances;
    private final IdentitySettings settings;

    Issuing(StatusIndexes indexes, CredentialSigner signer, Issuances issuances, IdentitySettings settings) {
        this.indexes = indexes;
        this.signer = signer;
        this.issuances = issuances;
        this.settings = settings;
    }

    /** What is to be issued. */
    record Order(Issuable what, Issuable.Issuer issuer, ClaimsOf.Found.Claims claims, HolderKeys holders) {
        /** Empty if the agency cannot issue now. */
        static Optional<Order> of(Issuable what, ClaimsOf.Found.Claims claims, HolderKeys holders) {
            return Optional.ofNullable(what.issuer()).map(issuer -> new Order(what, issuer, claims, holders));
        }
    }

    static Uni<Answer> noIssuer() {
        return Answer.refused("credential_request_denied", "the agency cannot issue now");
    }

    Uni<Answer> issue(AccessTokens.Checked.Good access, Order order, Issuances.Right right) {
        return note(access.grant(), access.token(), order, right).chain(signed -> answer(access, order, right, signed));
    }

    /** Uses up the request's proof with all that the issuance takes. */
    Uni<Answer> issue(Unspent access, Order order, Issuances.Right.Nonce nonce) {
        Issuances.Right right = access.once()
                .<Issuances.Right>map(proof -> new Issuances.Right.Proven(nonce, proof))
                .orElse(nonce);
        return note(access.grant(), access.token(), order, right)
                .chain(signed -> access.spentBy(signed.noted().proof()).chain(checked -> switch (checked) {
                    case AccessTokens.Checked.Refused refused -> Answer.refused(refused.error());
                    case AccessTokens.Checked.Good good -> answer(good, order, right, signed);
                }));
    }

    /** @param json the answer, if it was noted */
    private record Signed(Issuances.Noted noted, String json) {
        @Override
        public String toString() {
            return "Signed[" + noted + "]";
        }
    }

    private Uni<Signed> note(AccessGrant grant, String token, Order order, Issuances.Right right) {
        Issuable what = order.what();
        HolderKeys holders = order.holders();
        UUID id = UUID.randomUUID();
        Instant now = Instant.now();
        CredentialSigner.Validity validity = CredentialSigner.Validity.of(what, order.issuer(), now);
        return places(what, holders.keys().size(), TRIES).chain(places -> Effort.of(
                        holders.keys().size(),
                        () -> Answer.response(
                                signer.sign(new CredentialSigner.Order(
                                        what,
                                        order.issuer(),
                                        order.claims().claims(),
                                        holders.keys(),
                                        places,
                                        validity)),
                                id))
                .chain(json -> issuances
                        .note(
                                new NewIssuance(
                                        id,
                                        what,
                                        grant.holder(),
                                        grant.id(),
                                        order.claims().offer(),
                                        order.claims().application(),
                                        holders.sha256(),
                                        places,
                                        now,
                                        validity.until(),
                                        StoredAnswer.seal(token, id, json),
                                        now.plus(settings.authorization().accessTokenLifetime())),
                                right)
                        .map(noted -> new Signed(noted, json))));
    }

    private Uni<List<StatusRef>> places(Issuable what, int copies, int tries) {
        if (what.type().statusBits() == 0) {
            return Uni.createFrom().item(List.of());
        }
        return (what.type().format() == Format.MSO_MDOC
                        ? indexes.allocateForMdocs(what.type().agency(), copies)
                        : indexes.allocate(what.type().agency(), what.type().statusBits(), copies))
                .chain(places -> {
                    if (places.stream().map(StatusRef::list).distinct().count() == 1) {
                        return Uni.createFrom().item(places);
                    }
                    if (tries == 0) {
                        throw new IllegalStateException("no status list has room for a batch");
                    }
                    return places(what, copies, tries - 1);
                });
    }

    private Uni<Answer> answer(AccessTokens.Checked.Good access, Order order, Issuances.Right right, Signed signed) {
        return switch (signed.noted().outcome()) {
            case MADE -> Uni.createFrom().item(new Answer.Issued(signed.json()));
            case BLOCKED ->
                Answer.refused("credential_request_denied", "what was issued before is revoked or suspended");
            case ISSUED_BEFORE -> again(access, order.what(), order.holders());
            case USED_BEFORE ->
                right instanceof Issuances.Right.Decided
                        ? Answer.refused("invalid_transaction_id", "the transaction id is unknown or used")
                        : usedNonce();
        };
    }

    static Uni<Answer> usedNonce() {
        return Answer.refused("invalid_nonce", "the nonce is unknown, used or expired");
    }

    /** What was answered to these keys before, because the answer may have been lost. */
    Uni<Answer> again(AccessTokens.Checked.Good access, Issuable what, HolderKeys holders) {
        UUID grant = access.grant().id();
        String type = what.type().id();
        return issuances.kept(grant, type, holders.sha256()).chain(found -> {
            Optional<String> json =
                    found.flatMap(kept -> StoredAnswer.open(access.token(), kept.issuance(), kept.sealed()));
            if (json.isPresent()) {
                return Uni.createFrom().item(new Answer.Issued(json.get()));
            }
            // gone, or sealed under a token that was refreshed since: with the next nonce it is issued anew, unless it
            // was an offer
            return access.grant().offer() == null
                    ? issuances.forget(grant, type, holders.sha256()).chain(Issuing::usedNonce)
                    : Answer.refused("credential_request_denied", "the offer was used before");
        });
    }
}
