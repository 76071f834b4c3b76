package city.madang.payment.authorisations;

import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reading what has been accepted. */
@ApplicationScoped
public class Authorisations {

    private final Mutiny.SessionFactory sessions;

    Authorisations(Mutiny.SessionFactory sessions) {
        this.sessions = sessions;
    }

    /** A transfer from or to one of the owner's accounts; 404 when there is none. */
    public Uni<Transfer> get(Owner owner, String id) {
        return sessions.withSession(session -> session.createQuery(
                                "from Transfer t where t.id = ?1 and exists (from Account a where a.ownerKind = ?2"
                                        + " and a.owner = ?3 and (a.id = t.payer or a.id = t.payee))",
                                Transfer.class)
                        .setParameter(1, id)
                        .setParameter(2, owner.kind().text())
                        .setParameter(3, owner.name())
                        .getSingleResultOrNull())
                .onItem()
                .ifNull()
                .failWith(() -> CommonProblem.NOT_FOUND.with("no such authorisation"));
    }

    /** Refunds of a payment in the order in which they were accepted, after a position. */
    Uni<List<Transfer>> refunds(Transfer payment, long after, int limit) {
        return sessions.withSession(session -> session.createQuery(
                        "from Transfer t where t.refundOf = ?1 and t.position > ?2 order by t.position", Transfer.class)
                .setParameter(1, payment.id)
                .setParameter(2, after)
                .setMaxResults(limit)
                .getResultList());
    }
}
