package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.payment.accounts.Owner;
import java.security.interfaces.ECPublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may sign for which account, with the public key in the form in which it verifies: making that of its coordinates costs as much as
 * verifying with it. What is remembered may be out of date, so whoever has verified with it compares it with the account once that is
 * locked. Thread-safe.
 */
final class KnownPayers {

    /** Some 100 MiB at most. */
    private static final int MOST = 100_000;

    /** An account that is to pay, as its authorisation names it: by whom it is brought, and which of its keys signed. */
    record Asked(Bytes32 account, Owner owner, long keyVersion) {

        static Asked by(Submission submission) {
            return new Asked(
                    submission.pay().from(),
                    submission.owner(),
                    submission.pay().keyVersion());
        }
    }

    /**
     * Who signs for an account.
     *
     * @param owner whose it is
     * @param keyVersion 0 without a key
     * @param x the key's coordinate, by which it is told from another of the same version; null without a key
     * @param key null without a key
     */
    record Payer(Owner owner, long keyVersion, @Nullable String x, @Nullable ECPublicKey key) {}

    /** Who signed for an account. */
    record Signer(Bytes32 account, Payer payer) {}

    private final Map<Asked, Payer> payers = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Payer> eldest) {
            return size() > MOST;
        }
    };

    @Nullable
    Payer get(Asked asked) {
        synchronized (payers) {
            return payers.get(asked);
        }
    }

    /** Remembers who signs for an account that has a key. */
    void add(Bytes32 account, Payer payer) {
        if (payer.key() != null) {
            synchronized (payers) {
                payers.put(new Asked(account, payer.owner(), payer.keyVersion()), payer);
            }
        }
    }

    void forget(Iterable<Asked> gone) {
        synchronized (payers) {
            gone.forEach(payers::remove);
        }
    }
}
