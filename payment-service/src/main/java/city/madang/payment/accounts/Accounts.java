package city.madang.payment.accounts;

import city.madang.contracts.Bytes32;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Opening and reading accounts. */
@ApplicationScoped
public class Accounts {

    /** Accounts that one owner may have. */
    public static final int ACCOUNTS_MAX = 50;

    private static final int ID_BYTES = 32;

    private static final String CLOSE = "update account set state = 'closed' where id = ?1 and state <> 'opening'"
            + " and available = 0 and held = 0"
            + " and not exists (select from transfer where payee = ?1 and state in ('held', 'accepted'))"
            + " and not exists (select from mint where payee = ?1 and state in ('proposed', 'approved'))";

    private final Mutiny.SessionFactory sessions;

    Accounts(Mutiny.SessionFactory sessions) {
        this.sessions = sessions;
    }

    /**
     * An account that stands open now.
     *
     * @param account as its owner sees it
     * @param isNew false when the owner had opened one with this key before
     */
    public record Opened(AccountView account, boolean isNew) {}

    /** Opens an account for a proven key. Opening again with the same key gives the account that it has. */
    public Uni<Opened> open(Owner owner, String subject, KeyProof proof) {
        return sessions.<Opened>withTransaction(session -> lockOwner(session, owner)
                        .chain(() -> spend(session, subject, proof.jti()))
                        .chain(() -> withKey(session, proof))
                        .chain(existing -> {
                            if (existing.isPresent()) {
                                Account account = existing.get();
                                if (!account.belongsTo(owner)) {
                                    throw PaymentProblem.KEY_IN_USE.with("use a key of its own for each account");
                                }
                                return Uni.createFrom().item(new Opened(account.view(), false));
                            }
                            return insert(session, owner, proof);
                        }))
                .onFailure(ConstraintViolationException.class)
                .transform(raced -> PaymentProblem.KEY_IN_USE.with("use a key of its own for each account"));
    }

    private static Uni<Opened> insert(Mutiny.Session session, Owner owner, KeyProof proof) {
        return session.createQuery("select count(a) from Account a where a.ownerKind = ?1 and a.owner = ?2", Long.class)
                .setParameter(1, owner.kind().text())
                .setParameter(2, owner.name())
                .getSingleResult()
                .chain(count -> {
                    if (count >= ACCOUNTS_MAX) {
                        throw PaymentProblem.TOO_MANY_ACCOUNTS.with("an owner has at most " + ACCOUNTS_MAX);
                    }
                    Account account = new Account(randomId(), owner, hex(proof.x()), hex(proof.y()));
                    return session.persist(account)
                            .chain(session::flush)
                            .replaceWith(() -> new Opened(account.view(), true));
                });
    }

    /** One opening at a time for an owner, so that the limit holds. */
    private static Uni<Void> lockOwner(Mutiny.Session session, Owner owner) {
        return session.createNativeQuery("select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))", Integer.class)
                .setParameter(1, owner.kind().text() + ":" + owner.name())
                .getSingleResult()
                .replaceWithVoid();
    }

    private static Uni<Void> spend(Mutiny.Session session, String subject, String jti) {
        return session.createNativeQuery(
                        "insert into account_proof (subject, jti) values (?1, ?2) on conflict do nothing")
                .setParameter(1, subject)
                .setParameter(2, jti)
                .executeUpdate()
                .invoke(inserted -> {
                    if (inserted == 0) {
                        throw PaymentProblem.PROOF_REPLAYED.with("make a new proof with a new jti");
                    }
                })
                .replaceWithVoid();
    }

    private static Uni<Optional<Account>> withKey(Mutiny.Session session, KeyProof proof) {
        return session.createQuery("from Account a where a.x = ?1 and a.y = ?2", Account.class)
                .setParameter(1, hex(proof.x()))
                .setParameter(2, hex(proof.y()))
                .getSingleResultOrNull()
                .map(Optional::ofNullable);
    }

    /** The owner's accounts in id order, after {@code after}. */
    public Uni<List<AccountView>> list(Owner owner, @Nullable String after, int limit) {
        return sessions.withSession(session -> session.createQuery(
                                "from Account a where a.ownerKind = ?1 and a.owner = ?2 and a.id > ?3 order by a.id",
                                Account.class)
                        .setParameter(1, owner.kind().text())
                        .setParameter(2, owner.name())
                        .setParameter(3, after == null ? "" : after)
                        .setMaxResults(limit)
                        .getResultList())
                .map(accounts -> accounts.stream().map(Account::view).toList());
    }

    /** The owner's account; 404 when there is none or it is another's. */
    public Uni<AccountView> get(Owner owner, String id) {
        return sessions.withSession(session -> session.find(Account.class, id)).map(account -> {
            if (account == null || !account.belongsTo(owner)) {
                throw CommonProblem.NOT_FOUND.with("no such account");
            }
            return account.view();
        });
    }

    /**
     * Closes an owner's empty account: nothing is paid into it any more. Payments to it that are being accepted hold it open, so
     * none slips in between. Closing again changes nothing.
     */
    public Uni<AccountView> close(Owner owner, String id) {
        return sessions.withTransaction(session -> session.createNativeQuery(
                                "select id from account where id = ?1 for update", String.class)
                        .setParameter(1, id)
                        .getSingleResultOrNull()
                        .chain(locked -> session.find(Account.class, id))
                        .invoke(account -> {
                            if (account == null || !account.belongsTo(owner) || account.x == null) {
                                throw CommonProblem.NOT_FOUND.with("no such account");
                            }
                        })
                        .chain(() -> session.createNativeQuery(CLOSE)
                                .setParameter(1, id)
                                .executeUpdate())
                        .invoke(closed -> {
                            if (closed == 0) {
                                throw PaymentProblem.ACCOUNT_IN_USE.with(
                                        PaymentProblem.ACCOUNT_IN_USE.meaning().when());
                            }
                        }))
                .chain(() -> get(owner, id));
    }

    /** Opens an agency's account that only receives, unless it has one. */
    public Uni<Void> openReceiving(Mutiny.Session session, String agency) {
        return receiving(session, agency)
                .chain(existing -> existing.isPresent()
                        ? Uni.createFrom().voidItem()
                        : session.persist(new Account(randomId(), Owner.agency(agency), null, null)));
    }

    /** The account into which an agency's bills are paid. */
    public Uni<Optional<String>> receiving(Mutiny.Session session, String agency) {
        return session.createQuery(
                        "select a.id from Account a where a.ownerKind = 'agency' and a.owner = ?1 and a.x is null",
                        String.class)
                .setParameter(1, agency)
                .getSingleResultOrNull()
                .map(Optional::ofNullable);
    }

    private static String hex(BigInteger coordinate) {
        return Bytes32.of(coordinate).hex();
    }

    private static String randomId() {
        byte[] bytes = new byte[ID_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Bytes32.of(bytes).hex();
    }
}
