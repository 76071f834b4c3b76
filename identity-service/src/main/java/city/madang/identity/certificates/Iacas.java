package city.madang.identity.certificates;

import city.madang.kit.keys.Keyring;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * The IACAs that the city has: the first is made when it is first looked for, the next years before the last one ends, so that
 * verifiers have time to learn of it. A row counts only if its key is the one in the keyring, so that nobody who can write to the
 * database alone can put in an IACA of his own.
 */
@ApplicationScoped
public class Iacas {

    private static final Logger LOG = Logger.getLogger(Iacas.class);

    private static final Duration REPLACED_BEFORE = Duration.ofDays(3L * 365);

    /** So long a new one signs nothing while there is one before it: the other processes, and others' copies of lists, are to know it. */
    private static final Duration ANNOUNCED = Duration.ofDays(30);

    private final MdocCa ca;
    private final Keyring keyring;
    private volatile List<Iaca> known = List.of();

    Iacas(MdocCa ca, Keyring keyring) {
        this.ca = ca;
        this.keyring = keyring;
    }

    /** Those that are not over, as they were last read; oldest first. */
    public List<Iaca> known() {
        Instant now = Instant.now();
        return known.stream().filter(one -> !one.isOver(now)).toList();
    }

    /** The one that signs now. */
    public Uni<Iaca> current(Mutiny.Session session) {
        return all(session)
                .chain(found ->
                        needsAnother(found) ? make(session) : Uni.createFrom().item(found))
                .map(Iacas::signing);
    }

    Uni<Optional<Iaca>> find(Mutiny.Session session, int number) {
        return all(session)
                .map(found ->
                        found.stream().filter(one -> one.number() == number).findFirst());
    }

    private static boolean needsAnother(List<Iaca> found) {
        return found.isEmpty()
                || found.getLast()
                        .certificate()
                        .getNotAfter()
                        .toInstant()
                        .isBefore(Instant.now().plus(REPLACED_BEFORE));
    }

    private static Iaca signing(List<Iaca> found) {
        Instant announced = Instant.now().minus(ANNOUNCED);
        return found.reversed().stream()
                .filter(one -> one.made().isBefore(announced))
                .findFirst()
                .orElse(found.getFirst());
    }

    /** All that were ever made and have their key here, oldest first. */
    public Uni<List<Iaca>> all(Mutiny.Session session) {
        return session.createQuery("from IacaEntity order by number", IacaEntity.class)
                .getResultList()
                .chain(found -> {
                    List<Iaca> before = known;
                    List<Iaca> read = new ArrayList<>();
                    for (IacaEntity entity : found) {
                        Iaca iaca = entity.toIaca();
                        read.add(
                                before.stream().filter(iaca::equals).findFirst().orElse(iaca));
                    }
                    return before.equals(read)
                            ? Uni.createFrom().item(before)
                            : OffLoop.call(() -> read.stream()
                                            .filter(one -> before.contains(one) || isOurs(one))
                                            .toList())
                                    .invoke(ours -> known = ours);
                });
    }

    private boolean isOurs(Iaca iaca) {
        boolean ours = keyring.publicKey(iaca.keyId())
                .filter(iaca.certificate().getPublicKey()::equals)
                .isPresent();
        if (!ours) {
            LOG.errorf("IACA %d is not trusted: the keyring does not hold its key", iaca.number());
        }
        return ours;
    }

    /** One makes the next, and looks again when it is its turn. */
    private Uni<List<Iaca>> make(Mutiny.Session session) {
        return session.createNativeQuery("select 1 from pg_advisory_xact_lock(hashtextextended('iaca', 0))")
                .getSingleResult()
                .chain(() -> all(session))
                .chain(found -> needsAnother(found)
                        ? next(session)
                                .chain(number -> OffLoop.call(() -> entity(number)))
                                .chain(made -> session.persist(made).chain(session::flush))
                                .chain(() -> all(session))
                        : Uni.createFrom().item(found));
    }

    private static Uni<Integer> next(Mutiny.Session session) {
        return session.createQuery("select coalesce(max(number), 0) + 1 from IacaEntity", Integer.class)
                .getSingleResult();
    }

    private IacaEntity entity(int number) {
        Iaca made = new Iaca(number, ca.root(number), Instant.now());
        IacaEntity entity = new IacaEntity();
        entity.number = number;
        entity.certificate = Base64.getEncoder().encodeToString(made.der());
        entity.made = made.made();
        entity.notAfter = made.certificate().getNotAfter().toInstant();
        return entity;
    }
}
