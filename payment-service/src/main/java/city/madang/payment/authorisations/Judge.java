package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PayAuthorisation;
import city.madang.payment.authorisations.Snapshot.BillState;
import city.madang.payment.authorisations.Snapshot.CapturerOf;
import city.madang.payment.authorisations.Snapshot.ClientKeyOf;
import city.madang.payment.authorisations.Snapshot.PayerState;
import city.madang.payment.authorisations.Snapshot.PaymentState;
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
 * Decides a batch of submissions one after another, each in view of those before it: what the batch itself has taken of a payer's
 * balance and day, of nonces and clients' keys, of a bill and of a payment that is paid back. Their signatures were checked
 * before.
 */
final class Judge {

    private final Snapshot snapshot;
    private final Window window;
    private final Instant now;
    private long room;
    private final Map<Bytes32, Long> spent = new HashMap<>();
    private final Map<UUID, Long> paid = new HashMap<>();
    private final Map<Bytes32, Long> refunded = new HashMap<>();
    private final Set<UsedNonce> nonces = new HashSet<>();
    private final Map<ClientKeyOf, Bytes32> keys = new HashMap<>();

    private Judge(Snapshot snapshot, Window window, Instant now, long room) {
        this.room = room;
        this.snapshot = snapshot;
        this.window = window;
        this.now = now;
        nonces.addAll(snapshot.usedNonces());
        keys.putAll(snapshot.usedKeys());
    }

    /**
     * A verdict for each, in order; an owner brings an id at most once.
     *
     * @param room won of payments at once that the ledger may owe more than now
     */
    static List<Verdict> decide(List<Submission> batch, Snapshot snapshot, Window window, Instant now, long room) {
        Judge judge = new Judge(snapshot, window, now, room);
        return batch.stream().map(judge::decide).toList();
    }

    private Verdict decide(Submission submission) {
        PayAuthorisation pay = submission.pay();
        Terms terms = submission.terms();
        PayerState payer = snapshot.payers().get(pay.from());
        if (payer == null || !payer.owner().equals(submission.owner())) {
            return refused(Refusal.UNKNOWN_ACCOUNT);
        }
        ClientKeyOf key = terms.clientKey() == null ? null : new ClientKeyOf(pay.from(), terms.clientKey());
        if (key != null && !submission.id().equals(keys.getOrDefault(key, submission.id()))) {
            return refused(Refusal.IDEMPOTENCY_KEY_REUSED);
        }
        Earlier before = snapshot.accepted().get(submission.id());
        if (before != null) {
            return new Verdict.Replayed(before);
        }
        BillState bill = snapshot.bills().get(submission.billReferred());
        Optional<Refusal> refusal = mayPay(pay, payer)
                .or(() -> window.refuses(pay.validAfter(), pay.validBefore(), now))
                .or(() -> window.refusesHold(terms.holdUntil(), pay.validBefore(), now))
                .or(() -> mayReceive(pay, terms))
                .or(() -> nonces.contains(nonce(pay)) ? Optional.of(Refusal.NONCE_USED) : Optional.empty())
                .or(() -> wrongPurpose(pay, terms, bill, submission))
                .or(() -> tooMuch(pay, payer))
                .or(() -> terms.holdUntil() == null && pay.amount() > room
                        ? Optional.of(Refusal.EXPOSURE_REACHED)
                        : Optional.empty());
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        take(pay, terms, bill);
        if (key != null) {
            keys.put(key, submission.id());
        }
        return new Verdict.Accepted(bill == null ? null : bill.id());
    }

    private static Optional<Refusal> mayPay(PayAuthorisation pay, PayerState payer) {
        if (payer.keyChanging()) {
            return Optional.of(Refusal.KEY_CHANGING);
        }
        if (pay.keyVersion() == 0 || pay.keyVersion() != payer.keyVersion()) {
            return Optional.of(Refusal.WRONG_KEY_VERSION);
        }
        return payer.frozen() ? Optional.of(Refusal.FROZEN) : Optional.empty();
    }

    private Optional<Refusal> mayReceive(PayAuthorisation pay, Terms terms) {
        if (pay.to().equals(pay.from())) {
            return Optional.of(Refusal.SELF_PAYMENT);
        }
        if (!snapshot.payees().contains(pay.to())) {
            return Optional.of(Refusal.UNKNOWN_PAYEE);
        }
        boolean capturable = terms.hold() == null
                || snapshot.capturers()
                        .contains(new CapturerOf(pay.to(), terms.hold().capturer()));
        return capturable ? Optional.empty() : Optional.of(Refusal.UNKNOWN_CAPTURER);
    }

    private static UsedNonce nonce(PayAuthorisation pay) {
        return new UsedNonce(pay.from(), pay.nonce());
    }

    private Optional<Refusal> wrongPurpose(
            PayAuthorisation pay, Terms terms, @Nullable BillState bill, Submission submission) {
        if (terms.refundOf() != null) {
            return wrongRefund(pay, terms.refundOf(), submission);
        }
        if (terms.instalmentOf() != null) {
            return wrongInstalment(pay, terms.instalmentOf(), bill);
        }
        return pay.billHash().isZero() ? Optional.empty() : wrongBill(pay, bill);
    }

    private Optional<Refusal> wrongRefund(PayAuthorisation pay, Bytes32 refundOf, Submission submission) {
        PaymentState payment = snapshot.refundable().get(refundOf);
        if (payment == null || !payment.receiver().equals(submission.owner())) {
            return Optional.of(Refusal.UNKNOWN_PAYMENT);
        }
        if (!pay.billHash().equals(Reference.refund(refundOf, pay.from(), pay.nonce()))
                || !pay.to().equals(payment.payer())
                || submission.terms().instalmentOf() != null) {
            return Optional.of(Refusal.REFUND_MISMATCH);
        }
        if (!payment.settled()) {
            return Optional.of(Refusal.NOT_SETTLED);
        }
        return pay.amount() > payment.left() - refunded.getOrDefault(refundOf, 0L)
                ? Optional.of(Refusal.REFUND_EXCEEDS_PAYMENT)
                : Optional.empty();
    }

    private Optional<Refusal> wrongInstalment(PayAuthorisation pay, Bytes32 billHash, @Nullable BillState bill) {
        if (bill == null) {
            return Optional.of(Refusal.UNKNOWN_BILL);
        }
        if (!pay.billHash().equals(Reference.instalment(billHash, pay.from(), pay.nonce()))) {
            return Optional.of(Refusal.INSTALMENT_MISMATCH);
        }
        if (!bill.payee().equals(pay.to())) {
            return Optional.of(Refusal.BILL_MISMATCH);
        }
        if (!bill.partial()) {
            return Optional.of(Refusal.BILL_NOT_PARTIAL);
        }
        if (bill.cancelled() || left(bill) == 0) {
            return Optional.of(bill.cancelled() ? Refusal.BILL_CANCELLED : Refusal.BILL_ALREADY_PAID);
        }
        return pay.amount() > left(bill) ? Optional.of(Refusal.BILL_EXCEEDED) : Optional.empty();
    }

    private Optional<Refusal> wrongBill(PayAuthorisation pay, @Nullable BillState bill) {
        if (bill == null) {
            return Optional.of(Refusal.UNKNOWN_BILL);
        }
        if (bill.amount() != pay.amount() || !bill.payee().equals(pay.to())) {
            return Optional.of(Refusal.BILL_MISMATCH);
        }
        if (bill.cancelled()) {
            return Optional.of(Refusal.BILL_CANCELLED);
        }
        return left(bill) == bill.amount() ? Optional.empty() : Optional.of(Refusal.BILL_ALREADY_PAID);
    }

    private long left(BillState bill) {
        return bill.left() - paid.getOrDefault(bill.id(), 0L);
    }

    private Optional<Refusal> tooMuch(PayAuthorisation pay, PayerState payer) {
        long before = spent.getOrDefault(pay.from(), 0L);
        if (payer.paymentMax() != null && pay.amount() > payer.paymentMax()) {
            return Optional.of(Refusal.ABOVE_PAYMENT_LIMIT);
        }
        if (payer.dayLeft() != null && pay.amount() > payer.dayLeft() - before) {
            return Optional.of(Refusal.ABOVE_DAY_LIMIT);
        }
        return pay.amount() > payer.available() - before ? Optional.of(Refusal.INSUFFICIENT_FUNDS) : Optional.empty();
    }

    private void take(PayAuthorisation pay, Terms terms, @Nullable BillState bill) {
        spent.merge(pay.from(), pay.amount(), Long::sum);
        room -= terms.holdUntil() == null ? pay.amount() : 0;
        nonces.add(nonce(pay));
        if (bill != null) {
            paid.merge(bill.id(), pay.amount(), Long::sum);
        }
        if (terms.refundOf() != null) {
            refunded.merge(terms.refundOf(), pay.amount(), Long::sum);
        }
    }

    private static Verdict refused(Refusal why) {
        return new Verdict.Refused(why);
    }
}
