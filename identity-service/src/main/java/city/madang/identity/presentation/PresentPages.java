package city.madang.identity.presentation;

import city.madang.identity.agencies.Agencies;
import city.madang.identity.agencies.Agency;
import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.Sha256;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What the holder's browser may know and do: no more than whoever has the unguessable link. */
@ApplicationScoped
public class PresentPages {

    private final Mutiny.SessionFactory sessions;
    private final Agencies agencies;
    private final IdentitySettings settings;

    PresentPages(Mutiny.SessionFactory sessions, Agencies agencies, IdentitySettings settings) {
        this.sessions = sessions;
        this.agencies = agencies;
        this.settings = settings;
    }

    /**
     * @param newCookie to be set; null if the browser has it already or needs none
     * @param isOtherBrowsers whether another browser began this request, so that this one cannot end it
     */
    record Page(Shown shown, Agency agency, @Nullable String newCookie, boolean isOtherBrowsers) {}

    /**
     * Opens the page. The first browser that does so with a request of the same device is the one that must end it (OpenID4VP 1.0
     * §15.2): it gets a cookie, of which the hash is kept.
     */
    Uni<Optional<Page>> open(UUID id, @Nullable String cookie) {
        String fresh = Secrets.next();
        return sessions.withTransaction(
                session -> session.createNativeQuery("update presentation set browser_sha256 = ?2"
                                + " where id = ?1 and browser_sha256 is null and redirect_uri is not null"
                                + " and state = 'requested' and expires_at > now()")
                        .setParameter(1, id)
                        .setParameter(2, Sha256.hex(fresh))
                        .executeUpdate()
                        .chain(bound -> session.find(PresentationEntity.class, id))
                        .chain(found -> found == null
                                ? Uni.createFrom().item(Optional.<Page>empty())
                                : agencies.find(session, found.agency)
                                        .map(agency -> Optional.of(page(found, agency.orElseThrow(), fresh, cookie)))));
    }

    private Page page(PresentationEntity found, Agency agency, String fresh, @Nullable String cookie) {
        boolean isNew = Results.isCode(found.browserSha256, fresh);
        boolean isOther = found.browserSha256 != null && !isNew && !Results.isCode(found.browserSha256, cookie);
        return new Page(Shown.of(found, settings.issuer()), agency, isNew ? fresh : null, isOther);
    }

    Uni<Optional<Shown>> find(UUID id) {
        return sessions.withSession(session -> session.find(PresentationEntity.class, id)
                .map(found -> Optional.ofNullable(found).map(entity -> Shown.of(entity, settings.issuer()))));
    }

    /** Where the browser goes on to, if it is the one that began and brings the code of the answer; else nowhere. */
    Uni<Optional<String>> wayOn(UUID id, @Nullable String cookie, @Nullable String responseCode) {
        return sessions.withSession(session -> session.find(PresentationEntity.class, id)
                .map(found -> found != null
                                && found.redirectUri != null
                                && Instant.now().isBefore(found.expiresAt)
                                && Results.isCode(found.browserSha256, cookie)
                                && Results.isCode(found.responseCodeSha256, responseCode)
                        ? Optional.of(found.redirectUri + "#response_code=" + responseCode)
                        : Optional.empty()));
    }
}
