package city.madang.payment.bills;

import city.madang.contracts.Bytes32;
import city.madang.payment.accounts.Owner;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A bill's row. Its state moves with the payment, by the paths that accept and settle. */
@Entity
@Table(name = "bill")
public class Bill {

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

    @Nullable
    String application;

    @Column(name = "due_at")
    @Nullable
    Instant dueAt;

    String state;

    protected Bill() {}

    Bill(
            String debtor,
            String payee,
            String payeeAgency,
            long amount,
            Text title,
            @Nullable String application,
            @Nullable Instant dueAt) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.id = UUID.randomUUID();
        this.debtor = debtor;
        this.payee = payee;
        this.payeeAgency = payeeAgency;
        this.amount = amount;
        this.titleKo = title.ko();
        this.titleEn = title.en();
        this.salt = Bytes32.of(random).hex();
        this.hash = BillHash.of(Bytes32.of(random), id, amount, payee).hex();
        this.application = application;
        this.dueAt = dueAt;
        this.state = "open";
    }

    boolean concerns(Owner owner) {
        return switch (owner.kind()) {
            case CITIZEN -> debtor.equals(owner.name());
            case AGENCY -> payeeAgency.equals(owner.name());
        };
    }

    /** As the API shows it. */
    BillView view() {
        return new BillView(
                id.toString(),
                state,
                amount,
                BillHash.CURRENCY,
                payee,
                payeeAgency,
                new Text(titleKo, titleEn),
                hash,
                salt,
                application,
                dueAt);
    }
}
