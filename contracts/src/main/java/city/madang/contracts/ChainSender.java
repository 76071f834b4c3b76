package city.madang.contracts;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.utils.Numeric;

/**
 * Sends the transactions of one key. Thread-safe; make one per key and process.
 *
 * <p>The transaction number (nonce) is asked from the chain for each transaction, pending ones included, and nothing is
 * remembered here: after a crash the next sender goes on where the chain is.
 */
public final class ChainSender {

    /** The most gas that a transaction may have, from Osaka on (EIP-7825). */
    public static final long GAS_MAX = 1L << 24;

    /** The longest wait for a transaction to enter a block; then it is left pending and its caller told so. */
    public static final Duration RECEIPT_TIMEOUT = Duration.ofSeconds(60);

    /** Pause between two questions for a receipt. */
    public static final Duration RECEIPT_POLL = Duration.ofMillis(50);

    /** How often sending is tried when another process takes the transaction number in between. */
    private static final int NONCE_ATTEMPTS = 10;

    /** Pause before asking for a number again, times the attempt: the node needs a moment to count what it just took. */
    private static final Duration NONCE_PAUSE = Duration.ofMillis(10);

    /** Percentage added to estimated gas, since the state may change before the transaction runs. */
    private static final long GAS_MARGIN_PERCENT = 25;

    private final Chain chain;
    private final Credentials credentials;
    private final ReentrantLock sending = new ReentrantLock();

    /** @param credentials the key that pays for gas and whose role the contracts check */
    public ChainSender(Chain chain, Credentials credentials) {
        this.chain = chain;
        this.credentials = credentials;
    }

    /** The key's address. */
    public String address() {
        return credentials.address();
    }

    /** The chain it sends to. */
    public Chain chain() {
        return chain;
    }

    /** Estimates gas (which tells a refusal before anything is sent), sends, and waits for the receipt. */
    TransactionReceipt send(@Nullable String to, CallData data, Map<String, String> errors) {
        long estimate = Chain.ask(
                        chain.web3j()
                                .ethEstimateGas(new Transaction(address(), null, null, null, to, null, data.encoded())),
                        errors)
                .getAmountUsed()
                .longValueExact();
        long gasLimit = Math.min(GAS_MAX, estimate + estimate * GAS_MARGIN_PERCENT / 100);
        return send(to, data, gasLimit, hash -> {});
    }

    /**
     * Sends with a gas limit and waits for the receipt.
     *
     * @param to the contract, or null to deploy one
     * @param gasLimit at most {@link #GAS_MAX}
     * @param beforeSubmit given the transaction's hash before the chain gets it, so that the caller can write it down; called
     *     again with another hash when the number had been taken
     * @throws ChainException.Failed when the transaction failed in its block
     * @throws ChainException.Pending when it is in no block after {@link #RECEIPT_TIMEOUT}
     */
    TransactionReceipt send(@Nullable String to, CallData data, long gasLimit, Consumer<String> beforeSubmit) {
        return await(submit(to, data, gasLimit, beforeSubmit));
    }

    private String submit(@Nullable String to, CallData data, long gasLimit, Consumer<String> beforeSubmit) {
        sending.lock();
        try {
            String refusal = "";
            for (int attempt = 0; attempt < NONCE_ATTEMPTS; attempt++) {
                byte[] signed = credentials.sign(
                        transaction(to, data, gasLimit), chain.chainId().longValueExact());
                String hash = Numeric.toHexString(Hash.sha3(signed));
                beforeSubmit.accept(hash);
                Response.Error error = Chain.answer(chain.web3j().ethSendRawTransaction(Numeric.toHexString(signed)))
                        .getError();
                if (error == null) {
                    return hash;
                }
                refusal = String.valueOf(error.getMessage());
                Optional<SignedTransaction.Answer> answer = understood(refusal.toLowerCase(Locale.ROOT));
                if (answer.isEmpty()) {
                    break;
                }
                if (answer.get() == SignedTransaction.Answer.TAKEN) {
                    return hash;
                }
                Thread.sleep(NONCE_PAUSE.multipliedBy(attempt + 1L));
            }
            throw new ChainException.Unavailable("the node refused a transaction of " + address() + ": " + refusal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChainException.Unavailable("interrupted before the node took a transaction", e);
        } finally {
            sending.unlock();
        }
    }

    /** What a refusal in lower case means; that a node has this very transaction is said by geth, Nethermind, Besu and anvil each in its way. */
    private static Optional<SignedTransaction.Answer> understood(String refusal) {
        if (says(refusal, "already known", "alreadyknown", "known transaction", "already imported")) {
            return Optional.of(SignedTransaction.Answer.TAKEN);
        }
        if (says(refusal, "underpriced")) {
            return Optional.of(SignedTransaction.Answer.UNDERPRICED);
        }
        return says(refusal, "nonce too low", "nonce below")
                ? Optional.of(SignedTransaction.Answer.NUMBER_USED)
                : Optional.empty();
    }

    private static boolean says(String refusal, String... words) {
        return Arrays.stream(words).anyMatch(refusal::contains);
    }

    private RawTransaction transaction(@Nullable String to, CallData data, long gasLimit) {
        Fee fee = Fee.now(chain);
        // the number is asked for last, so that little time passes in which another process could take it
        return transaction(to, data, gasLimit, pendingNumber(), fee);
    }

    private RawTransaction transaction(@Nullable String to, CallData data, long gasLimit, long number, Fee fee) {
        BigInteger gas = BigInteger.valueOf(gasLimit);
        BigInteger at = BigInteger.valueOf(number);
        BigInteger tip = fee.tip();
        return tip == null
                ? RawTransaction.createTransaction(at, fee.most(), gas, to, BigInteger.ZERO, data.encoded())
                : RawTransaction.createTransaction(
                        chain.chainId().longValueExact(),
                        at,
                        gas,
                        to,
                        BigInteger.ZERO,
                        data.encoded(),
                        tip,
                        fee.most());
    }

    /** The number of the next transaction if all that wait in the node come before it. */
    public long pendingNumber() {
        return number(DefaultBlockParameterName.PENDING);
    }

    /** How many of this key's transactions are in blocks: the least number that a transaction may have. */
    public long minedNumber() {
        return number(DefaultBlockParameterName.LATEST);
    }

    private long number(DefaultBlockParameterName block) {
        return Chain.ask(chain.web3j().ethGetTransactionCount(address(), block), Map.of())
                .getTransactionCount()
                .longValueExact();
    }

    /** Signs a call with a number; sends nothing. */
    SignedTransaction sign(String to, CallData data, long gasLimit, long number, Fee fee) {
        byte[] signed = credentials.sign(
                transaction(to, data, gasLimit, number, fee), chain.chainId().longValueExact());
        return new SignedTransaction(Numeric.toHexString(Hash.sha3(signed)), Numeric.toHexString(signed), number, fee);
    }

    /**
     * Gives a signed transaction to the node and does not wait for its block. Giving it again is harmless.
     *
     * @throws ChainException.Unavailable when the node refuses it for another reason
     */
    public SignedTransaction.Answer submit(SignedTransaction transaction) {
        Response.Error error = Chain.answer(chain.web3j().ethSendRawTransaction(transaction.raw()))
                .getError();
        if (error == null) {
            return SignedTransaction.Answer.TAKEN;
        }
        String refusal = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        return understood(refusal)
                .orElseThrow(() -> new ChainException.Unavailable(
                        "the node refused a transaction of " + address() + ": " + refusal));
    }

    private TransactionReceipt await(String hash) {
        long deadline = System.nanoTime() + RECEIPT_TIMEOUT.toNanos();
        while (true) {
            Optional<TransactionReceipt> receipt = chain.receipt(hash);
            if (receipt.isPresent()) {
                if (!receipt.get().isStatusOK()) {
                    throw new ChainException.Failed(hash);
                }
                return receipt.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new ChainException.Pending(hash);
            }
            try {
                Thread.sleep(RECEIPT_POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ChainException.Pending(hash);
            }
        }
    }
}
