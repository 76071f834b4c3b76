package city.madang.payment.treasury;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A mint's row. */
@Entity
@Table(name = "mint")
public class Mint {

    @Id
    UUID id;

    String payee;
    long amount;

    @Column(name = "proposed_by")
    String proposedBy;

    @Column(name = "approved_by")
    @Nullable
    String approvedBy;

    String state;

    @Nullable
    Instant approved;

    @Column(name = "transaction_hash", insertable = false, updatable = false)
    @Nullable
    String transactionHash;

    protected Mint() {}

    Mint(String payee, long amount, String proposedBy) {
        this.id = UUID.randomUUID();
        this.payee = payee;
        this.amount = amount;
        this.proposedBy = proposedBy;
        this.state = "proposed";
    }

    void approve(String treasurer) {
        approvedBy = treasurer;
        approved = Instant.now();
        state = "approved";
    }

    /** As the API shows it. */
    View view() {
        return new View(id.toString(), state, payee, amount, transactionHash);
    }

    /**
     * A mint as treasurers see it.
     *
     * @param id random UUID
     * @param state {@code proposed}, {@code approved}, {@code settled} once the contract has minted, {@code failed}
     * @param to the account that receives
     * @param amount won
     * @param transactionHash the chain's transaction that minted
     */
    public record View(String id, String state, String to, long amount, @Nullable String transactionHash) {}
}
