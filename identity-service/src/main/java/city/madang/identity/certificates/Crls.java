package city.madang.identity.certificates;

import city.madang.identity.jose.Sha256;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x509.CRLReason;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The IACAs' lists of revoked certificates as they are published. What is signed is kept in the database with its number, so that
 * every process serves the same bytes; whoever finds that something else is revoked than the last one says, or that half of its life
 * is over, publishes the next.
 */
@ApplicationScoped
class Crls {

    private static final Logger LOG = Logger.getLogger(Crls.class);

    /** So long a revocation may go unseen. */
    private static final Duration REMEMBERED = Duration.ofSeconds(1);

    /**
     * Certificates that were revoked, or whose agency is; those that ended are told for a while longer (RFC 5280 §3.3: once after
     * they ended at least).
     */
    private static final String REVOKED =
            """
            select c.chain, c.revoked_at, c.revocation_reason, a.revoked_at as suspended_at
            from agency_certificate c join agency a on a.id = c.agency
            where c.iaca = ?1 and c.not_after > ?2 and (c.revoked_at is not null or a.revoked_at is not null)
            order by c.leaf_sha256""";

    private final Iacas iacas;
    private final MdocCa ca;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;
    private final Map<Integer, Remembered> remembered = new ConcurrentHashMap<>();

    Crls(Iacas iacas, MdocCa ca, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.iacas = iacas;
        this.ca = ca;
        this.sessions = sessions;
        this.settings = settings;
    }

    /** @param der not to be changed */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Published(long number, byte[] der, Instant issued, Instant nextUpdate) {
        static Published of(CrlEntity entity) {
            return new Published(
                    entity.number, Base64.getDecoder().decode(entity.body), entity.issued, entity.nextUpdate);
        }
    }

    private record Remembered(Published list, Instant read) {}

    /** The list as it is now; fails with {@link CommonProblem#NOT_FOUND} if there is no such IACA. */
    Uni<Published> current(int number) {
        @Nullable Remembered before = remembered.get(number);
        Instant now = Instant.now();
        if (before != null && now.isBefore(before.read().plus(REMEMBERED))) {
            return Uni.createFrom().item(before.list());
        }
        return sessions.withTransaction(session -> iacas.find(session, number)
                        .map(found -> found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such IACA")))
                        .chain(iaca -> upToDate(session, iaca, false)
                                .chain(found -> found.isPresent()
                                        ? Uni.createFrom().item(found)
                                        : session.createNativeQuery(
                                                        "select 1 from pg_advisory_xact_lock(hashtextextended('iaca-crl', 0))")
                                                .getSingleResult()
                                                .chain(() -> upToDate(session, iaca, true)))))
                .map(Optional::orElseThrow)
                .invoke(list -> remembered.put(number, new Remembered(list, now)))
                .onFailure()
                .recoverWithUni(failure -> lastKnown(before, failure));
    }

    /** While the database is away nothing can be revoked either: what was read last still holds, as long as it says. */
    private static Uni<Published> lastKnown(@Nullable Remembered before, Throwable failure) {
        if (before == null || !Instant.now().isBefore(before.list().nextUpdate())) {
            return Uni.createFrom().failure(failure);
        }
        LOG.warnf("the IACA's CRL is told as it was last known: %s", failure.getClass());
        return Uni.createFrom().item(before.list());
    }

    private Uni<Optional<Published>> upToDate(Mutiny.Session session, Iaca iaca, boolean publish) {
        return last(session, iaca).chain(found -> revoked(session, iaca).chain(revoked -> {
            @Nullable CrlEntity last = found.orElse(null);
            String sha256 = Sha256.hex(revoked.toString());
            if (last != null
                    && last.contentSha256.equals(sha256)
                    && Instant.now()
                            .isBefore(last.issued.plus(
                                    settings.iaca().crlLifetime().dividedBy(2)))) {
                return Uni.createFrom().item(Optional.of(Published.of(last)));
            }
            return publish
                    ? next(session).chain(number -> publish(session, iaca, number, revoked, sha256))
                    : Uni.createFrom().item(Optional.<Published>empty());
        }));
    }

    private static Uni<Optional<CrlEntity>> last(Mutiny.Session session, Iaca iaca) {
        return session.createQuery("from CrlEntity where iaca = ?1 order by number desc", CrlEntity.class)
                .setParameter(1, iaca.number())
                .setMaxResults(1)
                .getSingleResultOrNull()
                .map(Optional::ofNullable);
    }

    private static Uni<Long> next(Mutiny.Session session) {
        return session.createQuery("select coalesce(max(number), 0) + 1 from CrlEntity", Long.class)
                .getSingleResult();
    }

    private Uni<List<MdocCa.Revoked>> revoked(Mutiny.Session session, Iaca iaca) {
        return session.createNativeQuery(REVOKED, Object[].class)
                .setParameter(1, iaca.number())
                .setParameter(2, Instant.now().minus(settings.iaca().crlLifetime()))
                .getResultList()
                .map(rows -> rows.stream().map(Crls::revoked).toList());
    }

    private static MdocCa.Revoked revoked(Object[] row) {
        BigInteger serial = KeptCertificate.read(Base64.getDecoder().decode((String) row[0]), "a revoked certificate")
                .getSerialNumber();
        // an agency may be reinstated, and its certificates with it: that alone is a hold (RFC 5280 §5.3.1)
        return row[1] == null
                ? new MdocCa.Revoked(serial, time(row[3]), CRLReason.certificateHold)
                : new MdocCa.Revoked(serial, time(row[1]), code(String.valueOf(row[2])));
    }

    private static Instant time(Object column) {
        Instant time = column instanceof OffsetDateTime there ? there.toInstant() : (Instant) column;
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** RFC 5280 §5.3.1 for the registrar's reason; what says nothing there is not said. */
    private static int code(String reason) {
        return switch (reason) {
            case "key_compromised" -> CRLReason.keyCompromise;
            case "superseded" -> CRLReason.superseded;
            case "ceased" -> CRLReason.cessationOfOperation;
            case "rights_abused" -> CRLReason.privilegeWithdrawn;
            default -> CRLReason.unspecified;
        };
    }

    private Uni<Optional<Published>> publish(
            Mutiny.Session session, Iaca iaca, long number, List<MdocCa.Revoked> revoked, String sha256) {
        CrlEntity next = new CrlEntity();
        next.iaca = iaca.number();
        next.number = number;
        next.contentSha256 = sha256;
        next.issued = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        next.nextUpdate = next.issued.plus(settings.iaca().crlLifetime());
        return OffLoop.call(() -> ca.crl(iaca, number, next.issued, next.nextUpdate, revoked))
                .invoke(der -> next.body = Base64.getEncoder().encodeToString(der))
                .chain(() -> session.persist(next))
                .chain(session::flush)
                .replaceWith(() -> Optional.of(Published.of(next)));
    }
}
