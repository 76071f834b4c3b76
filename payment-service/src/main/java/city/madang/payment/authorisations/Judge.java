package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PayAuthorisation;
import city.madang.payment.authorisations.Snapshot.BillState;
import city.madang.payment.authorisations.Snapshot.PayerState;
import city.madang.payment.authorisations.Snapshot.UsedNonce;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides a batch of submissions one after another, each in view of those before it: the running sum of a payer's balance, the
 * nonces and bills that the batch itself has taken. Their signatures were checked before.
 */
final class Judge {

    private final Snapshot snapshot;
    private final Window window;
    private final Instant now;
    private final Map<Bytes32, Long> available = new HashMap<>();
    private final Set<UsedNonce> taken = new HashSet<>();
    private final Set<UUID> paying = new HashSet<>();

    private Judge(Snapshot snapshot, Window window, Instant now) {
        this.snapshot = snapshot;
        this.window = window;
        this.now = now;
        taken.addAll(snapshot.usedNonces());
    }

    /** A verdict for each, in order; an owner brings an id at most once. */
    static List<Verdict> decide(List<Submission> batch, Snapshot snapshot, Window window, Instant now) {
        Judge judge = new Judge(snapshot, window, now);
        return batch.stream().map(judge::decide).toList();
    }

    private Verdict decide(Submission submission) {
        PayAuthorisation pay = submission.pay();
        PayerState payer = snapshot.payers().get(pay.from());
        if (payer == null || !payer.owner().equals(submission.owner())) {
            return refused(Refusal.UNKNOWN_ACCOUNT);
        }
        Instant before = snapshot.accepted().get(submission.id());
        if (before != null) {
            return new Verdict.Replayed(before);
        }
        if (pay.keyVersion() == 0 || pay.keyVersion() != payer.keyVersion()) {
            return refused(Refusal.WRONG_KEY_VERSION);
        }
        Optional<Refusal> outside = window.refuses(pay.validAfter(), pay.validBefore(), now);
        if (outside.isPresent()) {
            return refused(outside.get());
        }
        if (payer.frozen()) {
            return refused(Refusal.FROZEN);
        }
        if (pay.to().equals(pay.from()) || !snapshot.payees().contains(pay.to())) {
            return refused(Refusal.UNKNOWN_PAYEE);
        }
        UsedNonce nonce = new UsedNonce(pay.from(), pay.nonce());
        if (taken.contains(nonce)) {
            return refused(Refusal.NONCE_USED);
        }
        BillState bill = null;
        if (!pay.billHash().isZero()) {
            bill = snapshot.bills().get(pay.billHash());
            Refusal wrong = wrongBill(bill, pay);
            if (bill == null || wrong != null) {
                return refused(wrong == null ? Refusal.UNKNOWN_BILL : wrong);
            }
        }
        long left = available.getOrDefault(pay.from(), payer.available()) - pay.amount();
        if (left < 0) {
            return refused(Refusal.INSUFFICIENT_FUNDS);
        }
        available.put(pay.from(), left);
        taken.add(nonce);
        if (bill != null) {
            paying.add(bill.id());
        }
        return new Verdict.Accepted(bill == null ? null : bill.id());
    }

    private @Nullable Refusal wrongBill(@Nullable BillState bill, PayAuthorisation pay) {
        if (bill == null) {
            return Refusal.UNKNOWN_BILL;
        }
        if (bill.amount() != pay.amount() || !bill.payee().equals(pay.to())) {
            return Refusal.BILL_MISMATCH;
        }
        if (bill.state().equals("cancelled")) {
            return Refusal.BILL_CANCELLED;
        }
        return bill.state().equals("open") && !paying.contains(bill.id()) ? null : Refusal.BILL_ALREADY_PAID;
    }

    private static Verdict refused(Refusal why) {
        return new Verdict.Refused(why);
    }
}
