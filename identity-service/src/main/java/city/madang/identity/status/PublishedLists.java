package city.madang.identity.status;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.keys.Keyring;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The own lists, signed. A list is held in memory; whoever asks for it when it is older than {@code freshness} has it read what
 * changed since, so that a change shows at once in every process, and a list that nobody asks for costs nothing. It is signed
 * anew when it has changed or half of its lifetime is over.
 */
@ApplicationScoped
class PublishedLists {

    private static final Logger LOG = Logger.getLogger(PublishedLists.class);

    /** More agencies than any city has. */
    private static final int MOST_AGENCIES = 10_000;

    private final StatusLists lists;
    private final Certificates certificates;
    private final Keyring keyring;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;
    private final Cache<UUID, PublishedList> held;
    private final Cache<Signing, AgencyCertificate> issuers;

    PublishedLists(
            StatusLists lists,
            Certificates certificates,
            Keyring keyring,
            Mutiny.SessionFactory sessions,
            IdentitySettings settings) {
        this.lists = lists;
        this.certificates = certificates;
        this.keyring = keyring;
        this.sessions = sessions;
        this.settings = settings;
        this.held = Caffeine.newBuilder()
                .maximumSize(settings.status().listsInMemory())
                .executor(Runnable::run)
                .build();
        this.issuers = Caffeine.newBuilder()
                .maximumSize(MOST_AGENCIES)
                .expireAfterWrite(settings.status().freshness())
                .executor(Runnable::run)
                .build();
    }

    private record Signing(String agency, Purpose purpose) {

        /** Readers of mdocs take the CWT alone, and lead it to the IACA of the mdoc's signer (ISO/IEC 18013-5 §12.3.6.2). */
        static Signing of(StatusLists.Head list, ListFormat format) {
            return new Signing(
                    list.agency(),
                    list.mdoc() && format == ListFormat.CWT ? Purpose.MDOC_STATUS : Purpose.CREDENTIAL_ISSUER);
        }
    }

    /** The list as it is now; fails with {@link CommonProblem#NOT_FOUND}. */
    Uni<SignedList> get(UUID id, ListFormat format) {
        return find(id).chain(list -> refresh(list)
                .chain(() -> signed(list, format))
                .onFailure()
                .recoverWithUni(failure -> lastSigned(list, format, failure)));
    }

    private Uni<PublishedList> find(UUID id) {
        PublishedList present = held.getIfPresent(id);
        if (present != null) {
            return Uni.createFrom().item(present);
        }
        return lists.head(id)
                .map(found -> found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such status list")))
                .map(head -> held.get(id, absent -> new PublishedList(head)));
    }

    private Uni<Void> refresh(PublishedList list) {
        long now = System.nanoTime();
        if (!list.mustAsk(settings.status().freshness(), now)) {
            return Uni.createFrom().voidItem();
        }
        return lists.changedAfter(list.head().id(), list.version())
                .invoke(changes -> list.apply(changes, now))
                .onTermination()
                .invoke((changes, failure, cancelled) -> {
                    if (failure != null || cancelled) {
                        list.failed();
                    }
                })
                .replaceWithVoid();
    }

    private Uni<SignedList> signed(PublishedList list, ListFormat format) {
        return issuer(Signing.of(list.head(), format)).chain(issuer -> signed(list, format, issuer));
    }

    /** Remembered for a moment, so that a rotation shows as soon as a change of status does. */
    private Uni<AgencyCertificate> issuer(Signing signing) {
        @Nullable AgencyCertificate known = issuers.getIfPresent(signing);
        return known != null
                ? Uni.createFrom().item(known)
                : sessions.withSession(session -> certificates.current(session, signing.agency(), signing.purpose()))
                        .map(PublishedLists::required)
                        .invoke(issuer -> issuers.put(signing, issuer));
    }

    private Uni<SignedList> signed(PublishedList list, ListFormat format, AgencyCertificate issuer) {
        Instant now = Instant.now();
        long expires = expiry(now);
        SignedList present =
                list.signed(format, now.plus(settings.status().lifetime().dividedBy(2)), issuer);
        return present != null
                ? Uni.createFrom().item(present)
                : OffLoop.call(() -> list.sign(
                        format,
                        new ListToken(
                                settings.statusListUri(list.head().id()),
                                now.getEpochSecond(),
                                Math.min(expires, issuer.notAfter().getEpochSecond()),
                                settings.status().ttl().toSeconds(),
                                0,
                                new byte[0],
                                settings.statusLists() + "?agency=" + issuer.agency()),
                        issuer,
                        input -> keyring.sign(issuer.keyId(), input)));
    }

    private static AgencyCertificate required(Optional<AgencyCertificate> issuer) {
        return issuer.orElseThrow(
                () -> CommonProblem.UNAVAILABLE.with("the agency has no certificate to sign its lists with"));
    }

    /** On a grid of half lifetimes, at least half a lifetime and at most a whole one away: the same in all processes. */
    private long expiry(Instant now) {
        long half = Math.max(1, settings.status().lifetime().toSeconds() / 2);
        return (now.getEpochSecond() / half + 2) * half;
    }

    /** While the database is away nothing can be revoked either: what was signed last still holds until it expires. */
    private static Uni<SignedList> lastSigned(PublishedList list, ListFormat format, Throwable failure) {
        @Nullable SignedList last = list.lastSigned(format, Instant.now());
        if (last == null) {
            return Uni.createFrom().failure(failure);
        }
        LOG.warnf("status list %s is told as it was last known: %s", list.head().id(), failure.getClass());
        return Uni.createFrom().item(last);
    }
}
