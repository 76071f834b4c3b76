package city.madang.identity.authorization;

import city.madang.identity.jose.Malformed;
import city.madang.identity.offers.Redemption;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

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

    Uni<TokenAnswer> exchange(Map<String, String> form) {
        @Nullable String code = form.get("pre-authorized_code");
        if (code == null) {
            return refused("invalid_request", "pre-authorized_code is missing");
        }
        Set<String> asked;
        try {
            asked = CredentialDetails.configurations(form.get("authorization_details"), settings.issuer());
        } catch (Malformed malformed) {
            return refused(CredentialDetails.INVALID, String.valueOf(malformed.getMessage()));
        }
        return sessions.withTransaction(session -> redemption
                .redeem(session, code, form.get("tx_code"), asked, this::until)
                .chain(outcome -> switch (outcome) {
                    case Redemption.Outcome.Redeemed redeemed -> open(session, redeemed, !asked.isEmpty());
                    case Redemption.Outcome.InvalidCode invalid ->
                        refused("invalid_grant", "the pre-authorized code is unknown, used or expired");
                    case Redemption.Outcome.WrongTxCode wrong ->
                        refused("invalid_grant", "the transaction code is wrong");
                    case Redemption.Outcome.MissingTxCode missing -> refused("invalid_request", "tx_code is missing");
                    case Redemption.Outcome.OtherCredential other ->
                        refused(CredentialDetails.INVALID, "the offer is not for this credential");
                }));
    }

    private Instant until(Instant offerEnds) {
        return Instant.now().plus(settings.authorization().accessTokenLifetime());
    }

    private Uni<TokenAnswer> open(Mutiny.Session session, Redemption.Outcome.Redeemed redeemed, boolean identified) {
        AccessGrant.Granted credential = new AccessGrant.Granted(redeemed.credentialType(), List.of());
        GrantEntity grant = new GrantEntity();
        grant.id = UUID.randomUUID();
        grant.holder = redeemed.holder();
        grant.offer = redeemed.offer();
        grant.credentials = AccessGrant.write(List.of(identified ? credential.identified() : credential));
        grant.created = Instant.now();
        grant.expiresAt = redeemed.until();
        return session.persist(grant)
                .chain(session::flush)
                .chain(() -> tokens.issue(session, grant))
                .map(TokenAnswer.Good::new);
    }

    private static Uni<TokenAnswer> refused(String code, String description) {
        return Uni.createFrom().item(TokenAnswer.refused(code, description));
    }
}
