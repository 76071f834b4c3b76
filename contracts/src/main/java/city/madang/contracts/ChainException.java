package city.madang.contracts;

/** Why the chain did not do what was asked. Each kind calls for another answer, so each has its own class. */
public abstract sealed class ChainException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private ChainException(String message, Throwable cause) {
        super(message, cause);
    }

    private ChainException(String message) {
        super(message);
    }

    /** The node could not be asked or answered with an error of its own: nothing is known, ask again later. */
    public static final class Unavailable extends ChainException {
        private static final long serialVersionUID = 1L;

        Unavailable(String message, Throwable cause) {
            super(message, cause);
        }

        Unavailable(String message) {
            super(message);
        }
    }

    /** The contract refused the call before it was sent: nothing changed, and trying the same again won't help. */
    public static final class Reverted extends ChainException {
        private static final long serialVersionUID = 1L;
        private final String error;

        Reverted(String error) {
            super("the contract refused: " + error);
            this.error = error;
        }

        /** The name of the contract's error ({@code AboveReserve}), or its 4-byte selector, or {@code revert} without data. */
        public String error() {
            return error;
        }
    }

    /** A transaction is in a block and failed there: it changed nothing. */
    public static final class Failed extends ChainException {
        private static final long serialVersionUID = 1L;
        private final String transactionHash;

        Failed(String transactionHash) {
            super("transaction " + transactionHash + " failed");
            this.transactionHash = transactionHash;
        }

        /** {@code 0x}-hex hash of the transaction. */
        public String transactionHash() {
            return transactionHash;
        }
    }

    /** A transaction was sent and is in no block yet: it may still take effect. Ask for its receipt later. */
    public static final class Pending extends ChainException {
        private static final long serialVersionUID = 1L;
        private final String transactionHash;

        Pending(String transactionHash) {
            super("transaction " + transactionHash + " is in no block yet");
            this.transactionHash = transactionHash;
        }

        /** {@code 0x}-hex hash of the transaction. */
        public String transactionHash() {
            return transactionHash;
        }
    }

    /** The address has no code, or other code than the artifact: wrong address, wrong chain or wrong version. */
    public static final class WrongCode extends ChainException {
        private static final long serialVersionUID = 1L;

        WrongCode(String message) {
            super(message);
        }
    }
}
