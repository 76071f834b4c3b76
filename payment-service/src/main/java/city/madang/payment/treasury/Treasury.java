package city.madang.payment.treasury;

import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Account;
import city.madang.payment.ledger.Books;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * The reserve and the mints it covers. What is approved here is carried out on the contract by settlement, and booked once
 * the contract has done it; the contract enforces the same rules again.
 */
@ApplicationScoped
public class Treasury {

    private final Mutiny.SessionFactory sessions;
    private final Pool pool;

    Treasury(Mutiny.SessionFactory sessions, Pool pool) {
        this.sessions = sessions;
        this.pool = pool;
    }

    /**
     * What is in circulation and what backs it, in won.
     *
     * @param reserve attested last
     * @param supply booked here
     * @param chainSupply the contract's, as reconciled last
     */
    public record Supply(long reserve, long supply, @Nullable Long chainSupply) {}

    /**
     * An attestation of the reserve.
     *
     * @param amount won
     * @param evidenceSha256 SHA-256 of the document that shows it
     * @param state {@code pending} until the contract has taken it, then {@code attested}, or {@code refused}: then the
     *     contract's earlier reserve counts
     */
    public record Attested(long amount, String evidenceSha256, String state) {}

    /** The latest attestation; 404 before the first. */
    public Uni<Attested> latest() {
        return pool.query(
                        "select amount, evidence, case state when 'recorded' then 'pending' when 'failed' then 'refused'"
                                + " else state end from reserve_attestation order by id desc limit 1")
                .execute()
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw CommonProblem.NOT_FOUND.with("no reserve was attested yet");
                    }
                    var row = rows.iterator().next();
                    return new Attested(row.getLong(0), row.getString(1), row.getString(2));
                });
    }

    /** Attests the reserve; refused below what is minted or approved. */
    public Uni<Attested> attest(String auditor, long amount, String evidence) {
        return sessions.withTransaction(
                session -> session.createNativeQuery("update treasury set reserve = ?1 where committed <= ?1")
                        .setParameter(1, amount)
                        .executeUpdate()
                        .invoke(updated -> {
                            if (updated == 0) {
                                throw PaymentProblem.RESERVE_BELOW_SUPPLY.with("more than this is minted or approved");
                            }
                        })
                        .chain(() -> session.createNativeQuery(
                                        "insert into reserve_attestation (amount, evidence, auditor) values (?1, ?2, ?3)")
                                .setParameter(1, amount)
                                .setParameter(2, evidence)
                                .setParameter(3, auditor)
                                .executeUpdate())
                        .replaceWith(() -> new Attested(amount, evidence, "pending")));
    }

    /** Proposes a mint; nothing moves before another treasurer approves. */
    public Uni<Mint.View> propose(String treasurer, String to, long amount) {
        return sessions.withTransaction(
                session -> session.find(Account.class, to).chain(account -> {
                    if (account == null || account.isClosed() || Books.SYSTEM.contains(to)) {
                        throw PaymentProblem.UNKNOWN_PAYEE.with("no open account has this id");
                    }
                    Mint mint = new Mint(to, amount, treasurer);
                    return session.persist(mint).replaceWith(mint::view);
                }));
    }

    /** Approves a mint, once, by another treasurer, within the reserve. Approving one's own approval again changes nothing. */
    public Uni<Mint.View> approve(String treasurer, UUID id) {
        return sessions.withTransaction(session -> session.find(Mint.class, id, LockModeType.PESSIMISTIC_WRITE)
                .chain(mint -> {
                    if (mint == null) {
                        throw CommonProblem.NOT_FOUND.with("no such mint");
                    }
                    if (mint.proposedBy.equals(treasurer)) {
                        throw PaymentProblem.SAME_TREASURER.with("the proposer can't approve");
                    }
                    if (treasurer.equals(mint.approvedBy)) {
                        return Uni.createFrom().item(mint.view());
                    }
                    if (!mint.state.equals("proposed")) {
                        throw CommonProblem.CONFLICT.with("the mint is " + mint.state);
                    }
                    return commit(session, mint.amount)
                            .invoke(() -> mint.approve(treasurer))
                            .chain(session::flush)
                            .replaceWith(mint::view);
                }));
    }

    private static Uni<Void> commit(Mutiny.Session session, long amount) {
        return session.createNativeQuery(
                        "update treasury set committed = committed + ?1 where committed + ?1 <= reserve")
                .setParameter(1, amount)
                .executeUpdate()
                .invoke(updated -> {
                    if (updated == 0) {
                        throw PaymentProblem.ABOVE_RESERVE.with("the reserve does not cover this mint");
                    }
                })
                .replaceWithVoid();
    }

    /** A mint; 404 when there is none. */
    public Uni<Mint.View> get(UUID id) {
        return sessions.withSession(session -> session.find(Mint.class, id))
                .onItem()
                .ifNull()
                .failWith(() -> CommonProblem.NOT_FOUND.with("no such mint"))
                .map(Mint::view);
    }

    /** What is in circulation. */
    public Uni<Supply> supply() {
        return pool.query("select t.reserve, -a.available, (select chain_supply from reconciliation order by id desc"
                        + " limit 1) from treasury t, account a where a.id = '" + Books.ISSUANCE + "'")
                .execute()
                .map(rows -> {
                    var row = rows.iterator().next();
                    return new Supply(row.getLong(0), row.getLong(1), row.getLong(2));
                });
    }
}
