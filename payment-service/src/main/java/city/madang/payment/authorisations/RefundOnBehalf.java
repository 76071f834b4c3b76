package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PayAuthorisation;
import city.madang.payment.accounts.Owner;
import city.madang.payment.chain.LedgerGate;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** Brings refunds for an agency that lets this service hold the key of one of its accounts. They are judged like anybody's. */
@ApplicationScoped
public class RefundOnBehalf {

    private final Acceptor acceptor;
    private final LedgerGate gate;

    RefundOnBehalf(Acceptor acceptor, LedgerGate gate) {
        this.acceptor = acceptor;
        this.gate = gate;
    }

    /**
     * What is to be paid back.
     *
     * @param payment settled
     * @param from the agency's account with the key
     * @param to the account that had paid
     * @param amount won
     * @param nonce of {@code from}; the same for the same refund, so that it is accepted once
     * @param validAfter unix seconds
     * @param validBefore unix seconds
     */
    public record Refund(
            Bytes32 payment,
            Bytes32 from,
            long keyVersion,
            Bytes32 to,
            long amount,
            BigInteger nonce,
            long validAfter,
            long validBefore) {}

    /** @param signer signs the 66 bytes with the account's key, r ‖ s */
    public Uni<Acceptor.Answer> bring(Owner agency, Refund refund, UnaryOperator<byte[]> signer) {
        PayAuthorisation pay = new PayAuthorisation(
                refund.from(),
                refund.keyVersion(),
                refund.to(),
                refund.amount(),
                Reference.refund(refund.payment(), refund.from(), refund.nonce()),
                refund.nonce(),
                refund.validAfter(),
                refund.validBefore());
        Bytes32 separator = gate.ready().separator();
        String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(signer.apply(pay.message(separator)));
        Terms terms = new Terms(null, refund.payment(), null, null);
        return Uni.createFrom()
                .completionStage(acceptor.submit(Submission.of(pay, signature, agency, terms, separator)));
    }
}
