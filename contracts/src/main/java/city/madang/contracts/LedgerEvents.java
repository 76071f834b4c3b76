package city.madang.contracts;

import java.util.ArrayList;
import java.util.List;
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

    private static final String PAYMENT =
            "(bytes32,uint32,bytes32,uint64,bytes32,uint256,uint64,uint64,bytes32,bytes32)";

    /** Where an only, dynamic argument starts, counted from the first argument's word. */
    private static final long OFFSET = 32;

    private LedgerEvents() {}

    static CallData settleCall(List<SignedPayment> batch) {
        CallData data =
                CallData.function("settle(" + PAYMENT + "[])").word(OFFSET).word(batch.size());
        batch.forEach(payment -> append(data, payment));
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

    /** Outcomes in the order of the events, which is the order of the batch. */
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
                receipt.getGasUsed().longValueExact(),
                outcomes);
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
