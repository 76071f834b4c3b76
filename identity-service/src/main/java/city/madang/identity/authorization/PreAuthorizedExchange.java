package city.madang.identity.authorization;

import city.madang.identity.jose.Malformed;
import city.madang.identity.offers.Redemption;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.settings.IdentitySettings.Need;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Exchanges a pre-authorized code and its transaction code for tokens, once (OpenID4VCI 1.0 clause 6). */
@ApplicationScoped
class PreAuthorizedExchange {

    private final Redemption redemption;
    private final Tokens tokens;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    PreAuthorizedExchange(
            Redemption redemption, Tokens tokens, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.redemption = redemption;
        this.tokens = tokens;
        this.sessions = sessions;
        this.settings = settings;
    }

    /** Either tokens, or why there are none: what changed until then, such as a wrong guess, is committed. */
    private sealed interface Outcome {
        record Good(Tokens.Issued issued) implements Outcome {}

        record Bad(Refusal refusal) implements Outcome {}
    }

    Uni<Tokens.Issued> exchange(TokenRequest request) {
        String code = request.get("pre-authorized_code");
        if (settings.authorization().dpop() == Need.REQUIRED) {
            request.boundTo();
        }
        Set<String> asked;
        try {
            asked = CredentialDetails.configurations(request.find("authorization_details"), settings.issuer());
        } catch (Malformed malformed) {
            throw Refusal.of(CredentialDetails.INVALID, String.valueOf(malformed.getMessage()));
        }
        return sessions.withTransaction(session -> redemption
                        .redeem(session, code, request.find("tx_code"), asked, ends -> until(request, ends))
                        .chain(outcome -> switch (outcome) {
                            case Redemption.Outcome.Redeemed redeemed ->
                                open(session, redeemed, request, !asked.isEmpty());
                            case Redemption.Outcome.InvalidCode invalid ->
                                bad("invalid_grant", "the pre-authorized code is unknown, used or expired");
                            case Redemption.Outcome.WrongTxCode wrong ->
                                bad("invalid_grant", "the transaction code is wrong");
                            case Redemption.Outcome.MissingTxCode missing ->
                                bad("invalid_request", "tx_code is missing");
                            case Redemption.Outcome.OtherCredential other ->
                                bad(CredentialDetails.INVALID, "the offer is not for this credential");
                        }))
                .map(outcome -> switch (outcome) {
                    case Outcome.Good good -> good.issued();
                    case Outcome.Bad bad -> throw bad.refusal();
                });
    }

    /** A wallet with a refresh token may take until the offer would have ended anyway. */
    private Instant until(TokenRequest request, Instant offerEnds) {
        return request.dpopJkt() == null
                ? Instant.now().plus(settings.authorization().accessTokenLifetime())
                : offerEnds;
    }

    private Uni<Outcome> open(
            Mutiny.Session session, Redemption.Outcome.Redeemed redeemed, TokenRequest request, boolean identified) {
        AccessGrant.Granted credential = new AccessGrant.Granted(redeemed.credentialType(), List.of());
        GrantEntity grant = new GrantEntity();
        grant.id = UUID.randomUUID();
        grant.clientId = request.client().id();
        grant.holder = redeemed.holder();
        grant.offer = redeemed.offer();
        grant.credentials = AccessGrant.write(List.of(identified ? credential.identified() : credential));
        grant.dpopJkt = request.dpopJkt();
        grant.attestationJkt = request.client().attestationJkt();
        grant.created = Instant.now();
        grant.expiresAt = redeemed.until();
        return session.persist(grant)
                .chain(session::flush)
                .chain(() -> tokens.issue(session, grant))
                .map(Outcome.Good::new);
    }

    private static Uni<Outcome> bad(String code, String description) {
        return Uni.createFrom().item(new Outcome.Bad(Refusal.of(code, description)));
    }
}
