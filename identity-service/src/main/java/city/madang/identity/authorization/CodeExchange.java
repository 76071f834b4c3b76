package city.madang.identity.authorization;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.identity.offers.Redemption;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges an authorization code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6). A code that comes a second time ends the grant that it was
 * used for, and with it all its tokens (RFC 6749 §4.1.2): one of the two callers is a thief.
 */
@ApplicationScoped
class CodeExchange {

    /** RFC 7636 §4.1. */
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    private static final String INVALID = "invalid_grant";

    private final Redemption redemption;
    private final Tokens tokens;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    CodeExchange(Redemption redemption, Tokens tokens, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.redemption = redemption;
        this.tokens = tokens;
        this.sessions = sessions;
        this.settings = settings;
    }

    Uni<Tokens.Issued> exchange(TokenRequest request) {
        String code = request.get("code");
        String redirect = request.get("redirect_uri");
        @Nullable String verifier = request.find("code_verifier");
        String key = request.boundTo();
        Set<String> asked = asked(request);
        // a refusal is given, not thrown, where the end of the grant is to be committed
        return sessions.withTransaction(
                        session -> session.createQuery("from GrantEntity where codeSha256 = ?1", GrantEntity.class)
                                .setParameter(1, Sha256.hex(code))
                                .setLockMode(LockMode.PESSIMISTIC_WRITE)
                                .getSingleResultOrNull()
                                .chain(grant -> {
                                    if (grant == null) {
                                        return nothing();
                                    }
                                    if (grant.codeUsed) {
                                        return end(session, grant);
                                    }
                                    check(request, grant, redirect, verifier, key);
                                    grant.codeUsed = true;
                                    grant.codeChallenge = null;
                                    grant.codeRedirect = null;
                                    grant.dpopJkt = key;
                                    grant.attestationJkt = request.client().attestationJkt();
                                    grant.credentials = AccessGrant.write(narrowed(grant, asked));
                                    return open(session, grant);
                                }))
                .map(issued -> issued.orElseThrow(() -> Refusal.of(INVALID, "the code is unknown, used or expired")));
    }

    private static void check(
            TokenRequest request, GrantEntity grant, String redirect, @Nullable String verifier, String key) {
        Instant until = grant.codeExpiresAt;
        if (until == null || !Instant.now().isBefore(until)) {
            throw Refusal.of(INVALID, "the code is unknown, used or expired");
        }
        if (grant.clientId == null || !grant.clientId.equals(request.client().id())) {
            throw Refusal.of(INVALID, "the code is another client's");
        }
        if (grant.attestationJkt != null && !request.client().isAttested()) {
            throw Refusal.client("the client authenticated before, and must again");
        }
        if (!redirect.equals(grant.codeRedirect)) {
            throw Refusal.of(INVALID, "redirect_uri is not that of the authorization request");
        }
        if (verifier == null || !VERIFIER.matcher(verifier).matches() || !matches(verifier, grant.codeChallenge)) {
            throw Refusal.of(INVALID, "code_verifier is missing or does not match");
        }
        if (grant.dpopJkt != null && !grant.dpopJkt.equals(key)) {
            throw Refusal.of(INVALID, "the code is bound to another DPoP key");
        }
    }

    private static boolean matches(String verifier, @Nullable String challenge) {
        String made = Base64Url.encode(Sha256.of(verifier.getBytes(StandardCharsets.US_ASCII)));
        return challenge != null
                && MessageDigest.isEqual(
                        made.getBytes(StandardCharsets.US_ASCII), challenge.getBytes(StandardCharsets.US_ASCII));
    }

    private Uni<Optional<Tokens.Issued>> open(Mutiny.Session session, GrantEntity grant) {
        UUID offer = grant.offer;
        if (offer == null) {
            grant.expiresAt = Instant.now().plus(settings.authorization().grantLifetime());
            return session.flush().chain(() -> tokens.issue(session, grant)).map(Optional::of);
        }
        return redemption.redeem(session, offer, grant.holder, ends -> ends).chain(outcome -> switch (outcome) {
            case Redemption.Outcome.Redeemed redeemed -> {
                grant.expiresAt = redeemed.until();
                yield session.flush().chain(() -> tokens.issue(session, grant)).map(Optional::of);
            }
            // redeemed in another way since
            default -> end(session, grant);
        });
    }

    private static Uni<Optional<Tokens.Issued>> end(Mutiny.Session session, GrantEntity grant) {
        return session.remove(grant).chain(CodeExchange::nothing);
    }

    private static Uni<Optional<Tokens.Issued>> nothing() {
        return Uni.createFrom().item(Optional.empty());
    }

    private Set<String> asked(TokenRequest request) {
        try {
            return CredentialDetails.configurations(request.find("authorization_details"), settings.issuer());
        } catch (Malformed malformed) {
            throw Refusal.of(CredentialDetails.INVALID, String.valueOf(malformed.getMessage()));
        }
    }

    /** OpenID4VCI 1.0 §6.1: a token request may name some of what was granted. */
    private static List<AccessGrant.Granted> narrowed(GrantEntity grant, Set<String> asked) {
        List<AccessGrant.Granted> granted = AccessGrant.read(grant.credentials);
        if (asked.isEmpty()) {
            return granted;
        }
        List<AccessGrant.Granted> chosen = granted.stream()
                .filter(one -> asked.contains(one.configuration()))
                .map(AccessGrant.Granted::identified)
                .toList();
        if (chosen.size() != asked.size()) {
            throw Refusal.of(CredentialDetails.INVALID, "not all of these credentials were granted");
        }
        return chosen;
    }
}
