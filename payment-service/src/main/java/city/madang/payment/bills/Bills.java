package city.madang.payment.bills;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Accounts;
import city.madang.payment.accounts.Owner;
import city.madang.payment.money.Won;
import city.madang.payment.problems.PaymentProblem;
import city.madang.payment.requests.AnsweredRequests;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Presenting, cancelling and reading bills. */
@ApplicationScoped
public class Bills {

    private static final UUID FIRST = new UUID(0, 0);

    private final Mutiny.SessionFactory sessions;
    private final Accounts accounts;
    private final AnsweredRequests answered;
    private final Outbox outbox;
    private final String origin;

    Bills(
            Mutiny.SessionFactory sessions,
            Accounts accounts,
            AnsweredRequests answered,
            Outbox outbox,
            @ConfigProperty(name = "madang.origin") String origin) {
        this.sessions = sessions;
        this.accounts = accounts;
        this.answered = answered;
        this.outbox = outbox;
        this.origin = origin;
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
     * @param partial whether it may be paid in instalments
     */
    public record Claim(
            String agency,
            String debtor,
            long amount,
            Text title,
            @Nullable String application,
            @Nullable Instant dueAt,
            boolean partial) {}

    /**
     * Bills that stand now.
     *
     * @param bills in the order of their claims
     * @param replayed whether an earlier request had presented them
     */
    public record Presented(List<BillView> bills, boolean replayed) {

        /** Keeps its own copy of {@code bills}. */
        public Presented {
            bills = List.copyOf(bills);
        }
    }

    /** Presents an agency's bills, all or none; a key presents them once. */
    public Uni<Presented> present(String agency, List<Claim> claims, AnsweredRequests.@Nullable Request request) {
        return sessions.withTransaction(session -> request == null
                        ? presented(session, agency, claims).map(ids -> new AnsweredRequests.Made(ids, false))
                        : answered.once(session, request, () -> presented(session, agency, claims)))
                .chain(this::show);
    }

    private Uni<List<UUID>> presented(Mutiny.Session session, String agency, List<Claim> claims) {
        return present(session, agency, claims)
                .map(ids -> ids.orElseThrow(
                        () -> PaymentProblem.NO_RECEIVING_ACCOUNT.with("the agency is not registered here yet")));
    }

    private Uni<Presented> show(AnsweredRequests.Made made) {
        return sessions.withSession(session -> session.createQuery("from Bill b where b.id in ?1", Bill.class)
                        .setParameter(1, made.made())
                        .getResultList())
                .map(found -> {
                    Map<UUID, Bill> byId = found.stream().collect(Collectors.toMap(bill -> bill.id, bill -> bill));
                    Instant now = Instant.now();
                    return new Presented(
                            made.made().stream()
                                    .map(id -> Objects.requireNonNull(byId.get(id), "bills are never deleted"))
                                    .map(bill -> bill.view(origin, now))
                                    .toList(),
                            made.replayed());
                });
    }

    /** Presents an agency's bills within the session's transaction; empty when the agency has no account. */
    public Uni<Optional<List<UUID>>> present(Mutiny.Session session, String agency, List<Claim> claims) {
        return accounts.receiving(session, agency).chain(payee -> {
            if (payee.isEmpty()) {
                return Uni.createFrom().item(Optional.<List<UUID>>empty());
            }
            List<Bill> bills =
                    claims.stream().map(claim -> new Bill(payee.get(), claim)).toList();
            Uni<Void> told = session.persistAll(bills.toArray()).chain(session::flush);
            for (Bill bill : bills) {
                told = told.chain(() -> outbox.add(session, created(bill)));
            }
            return told.replaceWith(
                    () -> Optional.of(bills.stream().map(bill -> bill.id).toList()));
        });
    }

    private static Event created(Bill bill) {
        return Event.now(
                "bill.created",
                bill.id.toString(),
                about(bill).put("amount", bill.amount).put("currency", Won.CURRENCY));
    }

    private static JsonObject about(Bill bill) {
        JsonObject data = new JsonObject().put("bill", bill.id.toString());
        return bill.application == null ? data : data.put("application", bill.application);
    }

    /**
     * Withdraws an agency's bill unless a payment of it counts: accepting a payment locks the same row, so one of the two comes
     * first. Withdrawing again changes nothing.
     */
    public Uni<BillView> cancel(String agency, UUID id) {
        return sessions.withTransaction(session -> session.find(Bill.class, id, LockModeType.PESSIMISTIC_WRITE)
                .chain(bill -> {
                    if (bill == null || !bill.payeeAgency.equals(agency)) {
                        throw CommonProblem.NOT_FOUND.with("no such bill");
                    }
                    if (bill.state.equals("cancelled")) {
                        return Uni.createFrom().item(bill);
                    }
                    if (bill.reserved > 0) {
                        throw PaymentProblem.BILL_PAYMENT_COUNTED.with(
                                PaymentProblem.BILL_PAYMENT_COUNTED.meaning().when());
                    }
                    return session.createNativeQuery("update bill set cancelled = now() where id = ?1")
                            .setParameter(1, id)
                            .executeUpdate()
                            .chain(() -> outbox.add(session, Event.now("bill.cancelled", id.toString(), about(bill))))
                            .invoke(() -> bill.state = "cancelled")
                            .replaceWith(bill);
                })
                .map(bill -> bill.view(origin, Instant.now())));
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
                .map(bills -> {
                    Instant now = Instant.now();
                    return bills.stream().map(bill -> bill.view(origin, now)).toList();
                });
    }

    /** A bill that concerns the owner; 404 when there is none or it does not. */
    public Uni<BillView> get(Owner owner, UUID id) {
        return sessions.withSession(session -> session.find(Bill.class, id)).map(bill -> {
            if (bill == null || !bill.concerns(owner)) {
                throw CommonProblem.NOT_FOUND.with("no such bill");
            }
            return bill.view(origin, Instant.now());
        });
    }

    /** The bill of a link, for whoever has it; 404 when no bill has it. */
    public Uni<PayableBill> linked(String link) {
        return sessions.withSession(session -> session.createQuery("from Bill b where b.link = ?1", Bill.class)
                        .setParameter(1, link)
                        .getSingleResultOrNull())
                .onItem()
                .ifNull()
                .failWith(() -> CommonProblem.NOT_FOUND.with("no bill has this link"))
                .map(bill -> bill.payable(Instant.now()));
    }
}
