package city.madang.payment.settlement;

import city.madang.contracts.RefusalReason;
import java.util.Locale;

/** What the contract did with a transfer, and so what is to be booked. */
sealed interface Fate {

    /**
     * The contract moved the money.
     *
     * @param transactionHash in this transaction
     * @param blockNumber in this block
     */
    record Settled(String transactionHash, long blockNumber) implements Fate {}

    /** The contract refused it for good; the payer gets the money back. */
    record Reversed(RefusalReason why) implements Fate {

        /** The reason in kebab case, as events and the API tell it. */
        String reason() {
            return why.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Not decided: it goes into a later batch. */
    record Released() implements Fate {}
}
