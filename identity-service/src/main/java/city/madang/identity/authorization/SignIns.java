package city.madang.identity.authorization;

import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.Sha256;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Leads a pushed request through the citizen's browser to the sign-in and back, each step once and in one browser. */
@ApplicationScoped
class SignIns {

    private final SignIn provider;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    SignIns(SignIn provider, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.provider = provider;
        this.sessions = sessions;
        this.settings = settings;
    }

    /** What became of {@code GET /identity/authorize}. */
    sealed interface Begun {
        /** @param address where the browser signs in */
        record Away(String address) implements Begun {}

        record Refused(WalletAnswer answer, Refusal why) implements Begun {}

        /** The request is unknown, used, expired or another client's. */
        record Unknown() implements Begun {}
    }

    /**
     * Leads a browser that came with a {@code request_uri} away to the sign-in. It is used up when the citizen comes back from there
     * and not by a visit, which may have been a preview or a reload (FAPI 2.0 Security Profile §5.3.2.2, note 3); of several visits
     * the last one counts.
     *
     * @param cookie of the browser
     */
    Uni<Begun> begin(String requestUri, String clientId, String cookie) {
        return sessions.withTransaction(
                session -> one(session, "requestUriSha256", requestUri).map(found -> {
                    if (found.isEmpty() || !mayBegin(found.get(), clientId)) {
                        return new Begun.Unknown();
                    }
                    RequestEntity request = found.get();
                    if (!provider.isConfigured()) {
                        return new Begun.Refused(
                                WalletAnswer.to(request, settings.issuer()),
                                Refusal.of("temporarily_unavailable", "nobody can sign in at the moment"));
                    }
                    String state = Secrets.next();
                    request.signInState = Sha256.hex(state);
                    request.browserSha256 = Sha256.hex(cookie);
                    request.expiresAt =
                            Instant.now().plus(settings.authorization().signInLifetime());
                    return new Begun.Away(provider.address(new SignIn.Binding(cookie, request.id), state, request.acr));
                }));
    }

    private static boolean mayBegin(RequestEntity request, String clientId) {
        Instant until = request.requestUriExpiresAt;
        return until != null && Instant.now().isBefore(until) && request.clientId.equals(clientId);
    }

    /** A request whose citizen came back from the sign-in, or answers the question of consent. */
    record Returned(UUID id, WalletAnswer answer) {}

    /** Uses a {@code state} up, if it comes from the browser that it was given to; leaves it alone otherwise. */
    Uni<Optional<Returned>> returned(String state, @Nullable String cookie) {
        return sessions.withTransaction(session -> one(session, "signInState", state)
                .map(found -> found.filter(request -> isOf(request, cookie)).map(request -> {
                    request.signInState = null;
                    request.requestUriSha256 = null;
                    return new Returned(request.id, WalletAnswer.to(request, settings.issuer()));
                })));
    }

    /** Uses the token of a consent form up, if it comes from the browser that it was shown in. */
    Uni<Optional<Returned>> decided(String token, @Nullable String cookie) {
        return sessions.withTransaction(session -> one(session, "consentSha256", token)
                .map(found -> found.filter(request -> isOf(request, cookie)).map(request -> {
                    request.consentSha256 = null;
                    return new Returned(request.id, WalletAnswer.to(request, settings.issuer()));
                })));
    }

    private static boolean isOf(RequestEntity request, @Nullable String cookie) {
        return cookie != null && Sha256.hex(cookie).equals(request.browserSha256);
    }

    private static Uni<Optional<RequestEntity>> one(Mutiny.Session session, String member, String secret) {
        return session.createQuery("from RequestEntity where " + member + " = ?1", RequestEntity.class)
                .setParameter(1, Sha256.hex(secret))
                .setLockMode(LockMode.PESSIMISTIC_WRITE)
                .getSingleResultOrNull()
                .map(found -> found == null || !Instant.now().isBefore(found.expiresAt)
                        ? Optional.empty()
                        : Optional.of(found));
    }
}
