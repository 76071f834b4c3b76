package city.madang.contracts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/** How a batch goes into the ledger's {@code settle}, and how its outcomes are read back from the events. */
final class LedgerEvents {

    /** First topic of {@code Settled}. */
    static final String SETTLED = CallData.topic("Settled(bytes32,bytes32,bytes32,uint64,bytes32)");

    /** First topic of {@code Refused}. */
    static final String REFUSED = CallData.topic("Refused(bytes32,uint8)");

    /** First topic of {@code Minted}. */
    static final String MINTED = CallData.topic("Minted(bytes32,bytes32,uint64)");

    /** First topic of {@code Burned}. */
    static final String BURNED = CallData.topic("Burned(bytes32,uint64)");

    /** First topic of {@code AccountOpened}. */
    static final String ACCOUNT_OPENED = CallData.topic("AccountOpened(bytes32,uint256,uint256)");

    /** First topic of {@code NonceCancelled}. */
    static final String NONCE_CANCELLED = CallData.topic("NonceCancelled(bytes32,uint256)");

    private static final String PAYMENT =
            "(bytes32,uint32,bytes32,uint64,bytes32,uint256,uint64,uint64,bytes32,bytes32)";

    private static final String CAPTURED_HOLD = "(bytes32,uint32,bytes32,bytes32,uint64,bytes32,uint256,uint64,uint64,"
            + "bytes32,bytes32,uint32,uint64,bytes32,bytes32)";

    /** Bytes of a word of the ABI, and words of a payment in the array. */
    private static final long WORD = 32;

    private static final long PAYMENT_WORDS = 10;

    private LedgerEvents() {}

    static CallData settleCall(List<? extends SettlementItem> batch) {
        List<SignedPayment> payments = only(batch, SignedPayment.class);
        List<CapturedHold> captures = only(batch, CapturedHold.class);
        // two dynamic arguments: where each begins, counted from the first argument's word, then each with its length
        CallData data = CallData.function("settle(" + PAYMENT + "[]," + CAPTURED_HOLD + "[])")
                .word(2 * WORD)
                .word(2 * WORD + WORD + payments.size() * PAYMENT_WORDS * WORD)
                .word(payments.size());
        payments.forEach(payment -> append(data, payment));
        data.word(captures.size());
        captures.forEach(capture -> append(data, capture));
        return data;
    }

    private static <T extends SettlementItem> List<T> only(List<? extends SettlementItem> batch, Class<T> kind) {
        return batch.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static CallData holdIdCall(CapturedHold capture) {
        CallData data = CallData.function("holdId(" + CAPTURED_HOLD + ")");
        append(data, capture);
        return data;
    }

    static CallData authorisationIdCall(SignedPayment payment) {
        CallData data = CallData.function("authorisationId(" + PAYMENT + ")");
        append(data, payment);
        return data;
    }

    private static void append(CallData data, SignedPayment payment) {
        PayAuthorisation pay = payment.authorisation();
        data.word(pay.from())
                .word(pay.keyVersion())
                .word(pay.to())
                .word(pay.amount())
                .word(pay.billHash())
                .word(pay.nonce())
                .word(pay.validAfter())
                .word(pay.validBefore())
                .word(payment.signature().r())
                .word(payment.signature().s());
    }

    private static void append(CallData data, CapturedHold capture) {
        HoldAuthorisation hold = capture.hold();
        data.word(hold.from())
                .word(hold.keyVersion())
                .word(hold.to())
                .word(hold.capturer())
                .word(hold.maxAmount())
                .word(hold.billHash())
                .word(hold.nonce())
                .word(hold.validAfter())
                .word(hold.validBefore())
                .word(capture.signature().r())
                .word(capture.signature().s())
                .word(capture.captureKeyVersion())
                .word(capture.amount())
                .word(capture.captureSignature().r())
                .word(capture.captureSignature().s());
    }

    /** Outcomes in the order of the events: the batch's payments in their order, then its captured holds in theirs. */
    static SettlementReceipt receipt(String ledger, TransactionReceipt receipt) {
        if (!receipt.isStatusOK()) {
            throw new ChainException.Failed(receipt.getTransactionHash());
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Log log : receipt.getLogs()) {
            if (log.getAddress().equalsIgnoreCase(ledger)) {
                String event = log.getTopics().getFirst();
                if (event.equals(SETTLED)) {
                    outcomes.add(settled(log));
                } else if (event.equals(REFUSED)) {
                    outcomes.add(new Outcome.Refused(
                            new Bytes32(log.getTopics().get(1)),
                            RefusalReason.of(new Words(log.getData(), 1).number(0))));
                }
            }
        }
        return new SettlementReceipt(
                receipt.getTransactionHash(),
                receipt.getBlockNumber().longValueExact(),
                receipt.getBlockHash().toLowerCase(Locale.ROOT),
                receipt.getGasUsed().longValueExact(),
                outcomes);
    }

    static SettledTransaction transaction(String ledger, TransactionReceipt receipt) {
        List<SettledTransaction.SettledEvent> events = receipt.getLogs().stream()
                .filter(log -> log.getAddress().equalsIgnoreCase(ledger)
                        && log.getTopics().getFirst().equals(SETTLED))
                .map(log -> new SettledTransaction.SettledEvent(
                        settled(log), log.getLogIndex().longValueExact()))
                .toList();
        return new SettledTransaction(
                receipt.getTransactionHash(),
                receipt.getBlockNumber().longValueExact(),
                receipt.getBlockHash(),
                events);
    }

    static Settlement settlement(Log log) {
        return new Settlement(
                settled(log), log.getTransactionHash(), log.getBlockNumber().longValueExact());
    }

    private static Outcome.Settled settled(Log log) {
        List<String> topics = log.getTopics();
        Words data = new Words(log.getData(), 2);
        return new Outcome.Settled(
                new Bytes32(topics.get(1)),
                new Bytes32(topics.get(2)),
                new Bytes32(topics.get(3)),
                data.number(0),
                data.word(1));
    }
}
