package city.madang.payment.bills;

import city.madang.contracts.Bytes32;
import city.madang.payment.accounts.Owner;
import city.madang.payment.money.Won;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A bill's row. What counts towards it, and so its state, moves in the database with its payments. */
@Entity
@Table(name = "bill")
public class Bill {

    private static final int LINK_BYTES = 16;

    @Id
    UUID id;

    String debtor;
    String payee;

    @Column(name = "payee_agency")
    String payeeAgency;

    long amount;

    @Column(name = "title_ko")
    String titleKo;

    @Column(name = "title_en")
    String titleEn;

    String salt;
    String hash;
    String link;
    boolean partial;

    @Nullable
    String application;

    @Column(name = "due_at")
    @Nullable
    Instant dueAt;

    @Column(insertable = false, updatable = false)
    long reserved;

    @Column(insertable = false, updatable = false)
    long settled;

    @Column(insertable = false, updatable = false)
    String state;

    protected Bill() {}

    Bill(String payee, Bills.Claim claim) {
        byte[] random = bytes(Bytes32.ZERO.bytes().length);
        this.id = UUID.randomUUID();
        this.debtor = claim.debtor();
        this.payee = payee;
        this.payeeAgency = claim.agency();
        this.amount = claim.amount();
        this.titleKo = claim.title().ko();
        this.titleEn = claim.title().en();
        this.salt = Bytes32.of(random).hex();
        this.hash = BillHash.of(Bytes32.of(random), id, amount, payee).hex();
        this.link = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(LINK_BYTES));
        this.partial = claim.partial();
        this.application = claim.application();
        this.dueAt = claim.dueAt();
        this.state = "open";
    }

    private static byte[] bytes(int length) {
        byte[] random = new byte[length];
        new SecureRandom().nextBytes(random);
        return random;
    }

    boolean concerns(Owner owner) {
        return switch (owner.kind()) {
            case CITIZEN -> debtor.equals(owner.name());
            case AGENCY -> payeeAgency.equals(owner.name());
        };
    }

    /** As its debtor and its payee see it. */
    BillView view(String origin, Instant now) {
        return new BillView(
                id.toString(),
                state,
                amount,
                settled,
                amount - reserved,
                Won.CURRENCY,
                partial,
                payee,
                payeeAgency,
                new Text(titleKo, titleEn),
                hash,
                salt,
                PaymentLink.of(origin, link),
                application,
                dueAt,
                state.equals("open") && dueAt != null && dueAt.isBefore(now));
    }

    /** As whoever has its link sees it: all that a payment needs, and not whose bill it is. */
    PayableBill payable(Instant now) {
        return new PayableBill(
                id.toString(),
                state,
                amount,
                amount - reserved,
                Won.CURRENCY,
                partial,
                payee,
                payeeAgency,
                new Text(titleKo, titleEn),
                hash,
                salt,
                dueAt,
                state.equals("open") && dueAt != null && dueAt.isBefore(now));
    }
}
