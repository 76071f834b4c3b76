package city.madang.payment.bills;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Accounts;
import city.madang.payment.accounts.Owner;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Presenting and reading bills. */
@ApplicationScoped
public class Bills {

    private static final UUID FIRST = new UUID(0, 0);

    private final Mutiny.SessionFactory sessions;
    private final Accounts accounts;
    private final Outbox outbox;

    Bills(Mutiny.SessionFactory sessions, Accounts accounts, Outbox outbox) {
        this.sessions = sessions;
        this.accounts = accounts;
        this.outbox = outbox;
    }

    /**
     * What is to be billed.
     *
     * @param agency who is to receive
     * @param debtor {@code sub} of who is to pay
     * @param amount won
     * @param title what for
     * @param application the application whose fee it is; billed once
     * @param dueAt when it should be paid
     */
    public record Claim(
            String agency,
            String debtor,
            long amount,
            Text title,
            @Nullable String application,
            @Nullable Instant dueAt) {}

    /** Presents a bill in a transaction of its own; empty when the agency has no account. */
    public Uni<Optional<BillView>> present(Claim claim) {
        return sessions.withTransaction(session -> present(session, claim));
    }

    /** Presents a bill within the session's transaction; empty when the agency has no account. */
    public Uni<Optional<BillView>> present(Mutiny.Session session, Claim claim) {
        return accounts.receiving(session, claim.agency()).chain(payee -> {
            if (payee.isEmpty()) {
                return Uni.createFrom().item(Optional.<BillView>empty());
            }
            Bill bill = new Bill(
                    claim.debtor(),
                    payee.get(),
                    claim.agency(),
                    claim.amount(),
                    claim.title(),
                    claim.application(),
                    claim.dueAt());
            return session.persist(bill)
                    .chain(session::flush)
                    .chain(() -> outbox.add(session, created(bill)))
                    .replaceWith(() -> Optional.of(bill.view()));
        });
    }

    private static Event created(Bill bill) {
        JsonObject data = new JsonObject()
                .put("bill", bill.id.toString())
                .put("amount", bill.amount)
                .put("currency", BillHash.CURRENCY);
        if (bill.application != null) {
            data.put("application", bill.application);
        }
        return Event.now("bill.created", bill.id.toString(), data);
    }

    /** Bills that the owner is to pay, or an agency's to receive, in id order after {@code after}. */
    public Uni<List<BillView>> list(Owner owner, @Nullable UUID after, int limit) {
        String mine =
                switch (owner.kind()) {
                    case CITIZEN -> "b.debtor";
                    case AGENCY -> "b.payeeAgency";
                };
        return sessions.withSession(session -> session.createQuery(
                                "from Bill b where " + mine + " = ?1 and b.id > ?2 order by b.id", Bill.class)
                        .setParameter(1, owner.name())
                        .setParameter(2, after == null ? FIRST : after)
                        .setMaxResults(limit)
                        .getResultList())
                .map(bills -> bills.stream().map(Bill::view).toList());
    }

    /** A bill that concerns the owner; 404 when there is none or it does not. */
    public Uni<BillView> get(Owner owner, UUID id) {
        return sessions.withSession(session -> session.find(Bill.class, id)).map(bill -> {
            if (bill == null || !bill.concerns(owner)) {
                throw CommonProblem.NOT_FOUND.with("no such bill");
            }
            return bill.view();
        });
    }
}
