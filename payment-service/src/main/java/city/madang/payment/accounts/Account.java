package city.madang.payment.accounts;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** An account's row. Postings alone move its balances, so this never writes them. */
@Entity
@Table(name = "account")
public class Account {

    @Id
    String id;

    @Column(name = "owner_kind")
    String ownerKind;

    String owner;

    @Nullable
    String x;

    @Nullable
    String y;

    @Column(name = "key_version")
    int keyVersion;

    String state;

    @Column(insertable = false, updatable = false)
    long available;

    @Column(insertable = false, updatable = false)
    long held;

    protected Account() {}

    Account(String id, Owner owner, @Nullable String x, @Nullable String y) {
        this.id = id;
        this.ownerKind = owner.kind().text();
        this.owner = owner.name();
        this.x = x;
        this.y = y;
        this.keyVersion = x == null ? 0 : 1;
        this.state = "opening";
    }

    public String id() {
        return id;
    }

    /** Whether its owner has closed it. */
    public boolean isClosed() {
        return state.equals("closed");
    }

    boolean belongsTo(Owner other) {
        return ownerKind.equals(other.kind().text()) && owner.equals(other.name());
    }

    /** As the API shows it. */
    AccountView view() {
        return new AccountView(id, state, keyVersion, available + held, available);
    }
}
