package city.madang.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.contracts.PaymentReceipt;
import city.madang.contracts.ReceiptCheck;
import city.madang.verifier.Verification.Conclusion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says what a payment receipt proves; the check itself is {@link PaymentReceipt}. */
final class ReceiptFile {

    private ReceiptFile() {}

    /** @param jwks the payment service's keys (RFC 7517), if they are at hand: without them nothing is shown */
    static Verification verify(byte[] file, Optional<String> jwks) {
        if (jwks.isEmpty()) {
            return of(
                    Conclusion.NOT_PROVEN,
                    List.of(Finding.notShown(
                            "statement",
                            "납부 서비스의 열쇠(" + TrustFolder.PAYMENT_KEYS + ")가 없어 확인하지 못했습니다.",
                            "The payment service's keys (" + TrustFolder.PAYMENT_KEYS + ") are not at hand.")));
        }
        return switch (PaymentReceipt.check(new String(file, UTF_8), jwks.get())) {
            case ReceiptCheck.Good good -> of(Conclusion.PAID, proven(good));
            case ReceiptCheck.Bad bad ->
                of(
                        Conclusion.REFUTED,
                        List.of(Finding.refuted(
                                bad.step(),
                                "영수증의 " + bad.step() + " 부분이 맞지 않습니다: " + bad.why() + ".",
                                "Its part " + bad.step() + " does not hold: " + bad.why() + ".")));
        };
    }

    private static Verification of(Conclusion conclusion, List<Finding> findings) {
        return new Verification(FileKind.PAYMENT_RECEIPT, conclusion, Optional.empty(), Optional.empty(), findings);
    }

    private static List<Finding> proven(ReceiptCheck.Good receipt) {
        String won = String.format(Locale.ROOT, "%,d", receipt.amount());
        String ledger = receipt.contract() + " (chain " + receipt.chainId() + ")";
        return List.of(
                Finding.proven(
                        "payer",
                        "납부자의 열쇠가 바로 이 납부(" + won + "원, " + receipt.from() + " → " + receipt.to() + ")에 서명했습니다.",
                        "The payer's key signed exactly this payment: " + won + " won from " + receipt.from() + " to "
                                + receipt.to() + "."),
                Finding.proven(
                        "statement",
                        "납부 서비스 " + receipt.issuer() + "가 거래 " + receipt.transactionHash() + "에서 결제된 것을 확인했습니다.",
                        "The payment service " + receipt.issuer() + " states that it settled in transaction "
                                + receipt.transactionHash() + "."),
                Finding.proven(
                        "batch",
                        "그 거래에서 결제된 것들의 목록에 이 납부가 들어 있습니다.",
                        "It is one of the payments that this transaction settled, as the statement's root says."),
                Finding.notShown(
                        "chain",
                        "원장 " + ledger + "의 블록 " + receipt.blockNumber() + "에 그 거래가 있는지는 검증 노드에 물어야 합니다.",
                        "That block " + receipt.blockNumber() + " of the ledger " + ledger
                                + " holds this transaction is for a validator's node to say."));
    }
}
