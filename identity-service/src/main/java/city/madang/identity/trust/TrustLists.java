package city.madang.identity.trust;

import city.madang.identity.agencies.Agencies;
import city.madang.identity.agencies.Agency;
import city.madang.identity.agencies.AgencyChanged;
import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Iacas;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.CredentialTypes;
import city.madang.identity.types.TypesChanged;
import city.madang.kit.keys.Keyring;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The trust list as it is published. What is signed is kept in the database with its number, so that every process serves the same
 * bytes; whoever finds that the registry says something else than the last one, or that half of its life is over, publishes the
 * next.
 */
@ApplicationScoped
public class TrustLists {

    private static final Logger LOG = Logger.getLogger(TrustLists.class);

    /** Far above what a city has; beyond it the list would need another form. */
    private static final int MOST = 1000;

    /** So long another process's change may go unseen. */
    private static final Duration REMEMBERED = Duration.ofSeconds(1);

    /** As libraries for these lists sign them. */
    private static final String TYPE = "trustlist+jwt";

    private final Agencies agencies;
    private final Rights rights;
    private final CredentialTypes types;
    private final Certificates certificates;
    private final Iacas iacas;
    private final Keyring keyring;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;
    private volatile @Nullable Remembered remembered;

    TrustLists(
            Agencies agencies,
            Rights rights,
            CredentialTypes types,
            Certificates certificates,
            Iacas iacas,
            Keyring keyring,
            Mutiny.SessionFactory sessions,
            IdentitySettings settings) {
        this.agencies = agencies;
        this.rights = rights;
        this.types = types;
        this.certificates = certificates;
        this.iacas = iacas;
        this.keyring = keyring;
        this.sessions = sessions;
        this.settings = settings;
    }

    /** @param jws compact */
    record Published(long sequence, String jws, Instant issued, Instant nextUpdate) {
        static Published of(TrustListEntity entity) {
            return new Published(entity.sequence, entity.body, entity.issued, entity.nextUpdate);
        }
    }

    private record Remembered(Published list, Instant read) {}

    void forget(@Observes AgencyChanged changed) {
        forget();
    }

    void forget(@Observes TypesChanged changed) {
        forget();
    }

    private void forget() {
        Remembered known = remembered;
        if (known != null) {
            remembered = new Remembered(known.list(), Instant.EPOCH);
        }
    }

    /** The list as it is now; fails with {@link CommonProblem#UNAVAILABLE} while nobody is registered who signs it. */
    Uni<Published> current() {
        Remembered known = remembered;
        Instant now = Instant.now();
        if (known != null && now.isBefore(known.read().plus(REMEMBERED))) {
            return Uni.createFrom().item(known.list());
        }
        return sessions.withTransaction(session -> upToDate(session, false)
                        .chain(found -> found != null
                                ? Uni.createFrom().item(found)
                                // one publishes at a time, and looks again when it is its turn
                                : session.createNativeQuery(
                                                "select 1 from pg_advisory_xact_lock(hashtextextended('trust-list', 0))")
                                        .getSingleResult()
                                        .chain(() -> upToDate(session, true))))
                .map(found -> {
                    if (found == null) {
                        throw CommonProblem.UNAVAILABLE.with("no agency is registered that signs the trust list");
                    }
                    return found;
                })
                .invoke(list -> remembered = new Remembered(list, now))
                .onFailure()
                .recoverWithUni(failure -> lastKnown(known, failure));
    }

    /** While the database is away nothing can be changed either: what was read last still holds, as long as it says. */
    private static Uni<Published> lastKnown(@Nullable Remembered known, Throwable failure) {
        if (known == null || !Instant.now().isBefore(known.list().nextUpdate())) {
            return Uni.createFrom().failure(failure);
        }
        LOG.warnf("the trust list is told as it was last known: %s", failure.getClass());
        return Uni.createFrom().item(known.list());
    }

    /** The last publication if it says what the registry says; else the next one, or null if it is not to be made. */
    private Uni<@Nullable Published> upToDate(Mutiny.Session session, boolean publish) {
        String city = settings.issuance().metadataAgency();
        return last(session).chain(found -> certificates
                .current(session, city, Purpose.TRUST_LIST)
                .chain(signer -> read(session, city).chain(read -> {
                    if (read == null) {
                        return Uni.createFrom().nullItem();
                    }
                    @Nullable TrustListEntity last = found.orElse(null);
                    TrustListContent content = new TrustListContent(settings, read);
                    String sha256 = Sha256.hex(StrictJson.write(List.of(
                            content.entities(),
                            read.operator().name().en(),
                            read.operator().name().ko())));
                    boolean same = last != null
                            && signer.isPresent()
                            && last.contentSha256.equals(sha256)
                            && last.signerSha256.equals(Sha256.hex(signer.get().leaf()))
                            && Instant.now()
                                    .isBefore(last.issued.plus(
                                            settings.trustList().lifetime().dividedBy(2)));
                    if (last != null && same) {
                        return Uni.createFrom().item(Published.of(last));
                    }
                    return publish
                            ? publish(session, last, content, sha256)
                            : Uni.createFrom().nullItem();
                })));
    }

    private static Uni<Optional<TrustListEntity>> last(Mutiny.Session session) {
        return session.createQuery("from TrustListEntity order by sequence desc", TrustListEntity.class)
                .setMaxResults(1)
                .getSingleResultOrNull()
                .map(Optional::ofNullable);
    }

    private Uni<TrustListContent.@Nullable Read> read(Mutiny.Session session, String city) {
        return agencies.find(session, city)
                .chain(operator -> operator.isEmpty()
                        ? Uni.createFrom().nullItem()
                        : agencies.list(session, null, MOST)
                                .map(all -> all.stream()
                                        .filter(agency -> !agency.isRevoked())
                                        .toList())
                                .chain(acting -> read(session, operator.get(), acting)));
    }

    private Uni<TrustListContent.Read> read(Mutiny.Session session, Agency operator, List<Agency> acting) {
        return rights.decided(session)
                .chain(decided -> types.list(session, null, MOST).chain(all -> certificates
                        .valid(session, acting.stream().map(Agency::id).toList())
                        .chain(valid -> iacas.all(session)
                                .map(roots -> new TrustListContent.Read(
                                        operator,
                                        acting,
                                        decided,
                                        all.stream()
                                                .map(type -> new TrustListContent.OwnedType(type, rights.ref(type)))
                                                .toList(),
                                        valid,
                                        roots)))));
    }

    private Uni<Published> publish(
            Mutiny.Session session, @Nullable TrustListEntity last, TrustListContent content, String sha256) {
        return agencies.signing(session, settings.issuance().metadataAgency(), Purpose.TRUST_LIST)
                .chain(signer -> {
                    if (signer == null) {
                        throw CommonProblem.UNAVAILABLE.with("the key that signs the trust list is revoked");
                    }
                    TrustListEntity next = new TrustListEntity();
                    next.sequence = last == null ? 1 : last.sequence + 1;
                    next.contentSha256 = sha256;
                    next.signerSha256 = Sha256.hex(signer.leaf());
                    next.issued = Instant.now().truncatedTo(ChronoUnit.SECONDS);
                    next.nextUpdate = next.issued.plus(settings.trustList().lifetime());
                    return OffLoop.call(() -> sign(
                                    signer, content.list(next.sequence, next.issued, next.nextUpdate), next.issued))
                            .invoke(jws -> next.body = jws)
                            .chain(() -> session.persist(next))
                            .chain(session::flush)
                            .replaceWith(() -> Published.of(next));
                });
    }

    /** Blocking. JAdES baseline B, compact (ETSI TS 119 182-1): the time of signing is {@code iat}, the chain is {@code x5c}. */
    private String sign(AgencyCertificate signer, Map<String, Object> list, Instant issued) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("typ", TYPE);
        header.put("iat", issued.getEpochSecond());
        header.put("x5c", signer.x5c());
        return CompactJws.sign(header, list, input -> keyring.sign(signer.keyId(), input));
    }
}
