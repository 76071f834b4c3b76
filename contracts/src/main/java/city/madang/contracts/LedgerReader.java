package city.madang.contracts;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.web3j.protocol.core.DefaultBlockParameter;

/**
 * Reads much of a ledger as one block left it: {@link #READ_MAX} words to a call, by code that the call brings along ({@code
 * LedgerReader.sol}). An answer that is not exactly what was asked for is none.
 */
public final class LedgerReader {

    /**
     * Words read by one call: what it answers has at most 24,576 bytes (EIP-170), what it brings along 49,152 (EIP-3860), and all of
     * it has the gas of a transaction.
     */
    public static final int READ_MAX = 500;

    private static final Artifact ARTIFACT = Artifact.load("LedgerReader");
    private static final Map<String, String> ERRORS = errors();

    /** Arguments of the constructor, the array's place among them. */
    private static final int CONSTRUCTOR_WORDS = 3;

    private static final int VERSION_BIT = 64;
    private static final int FROZEN_BIT = 96;
    private static final int EXISTS_BIT = 97;

    /** In the order of the contract's {@code What}. */
    private enum What {
        ACCOUNTS,
        NONCES,
        BILLS
    }

    private final LedgerContract ledger;
    private final DefaultBlockParameter block;

    LedgerReader(LedgerContract ledger, long block) {
        this.ledger = ledger;
        this.block = DefaultBlockParameter.valueOf(BigInteger.valueOf(block));
    }

    private static Map<String, String> errors() {
        Map<String, String> errors = new HashMap<>(LedgerContract.artifact().errors());
        errors.putAll(ARTIFACT.errors());
        return Map.copyOf(errors);
    }

    /** Accounts, in the order of their ids; empty where the ledger does not know one. */
    public List<Optional<AccountStanding>> accounts(List<Bytes32> ids) {
        return read(What.ACCOUNTS, ids, List::of, LedgerReader::standing);
    }

    private static Optional<AccountStanding> standing(Bytes32 word) {
        BigInteger bits = word.unsigned();
        return bits.testBit(EXISTS_BIT)
                ? Optional.of(new AccountStanding(
                        bits.shiftRight(VERSION_BIT).intValue() & 0xffff_ffffL,
                        bits.longValue(),
                        bits.testBit(FROZEN_BIT)))
                : Optional.empty();
    }

    /** Which word of which account's nonces. */
    public record NonceWord(Bytes32 account, BigInteger word) {}

    /** Words of nonces, in the order of what was asked for, as {@link LedgerContract#nonceWord} has them. */
    public List<BigInteger> nonceWords(List<NonceWord> words) {
        return read(What.NONCES, words, word -> List.of(word.account(), Bytes32.of(word.word())), Bytes32::unsigned);
    }

    /** Who paid bills, in the order of their hashes: ids of authorisations, zero where a bill is unpaid. */
    public List<Bytes32> billsPaidBy(List<Bytes32> billHashes) {
        return read(What.BILLS, billHashes, List::of, Function.identity());
    }

    /** Won in all accounts together. */
    public long supply() {
        return ledger.read(CallData.function("supply()"), block, 1).number(0);
    }

    private <K, A> List<A> read(
            What what, List<K> asked, Function<K, List<Bytes32>> keys, Function<Bytes32, A> answer) {
        List<A> answers = new ArrayList<>(asked.size());
        for (int from = 0; from < asked.size(); from += READ_MAX) {
            List<K> some = asked.subList(from, Math.min(asked.size(), from + READ_MAX));
            Words words = call(
                    what,
                    some.size(),
                    some.stream().map(keys).flatMap(List::stream).toList());
            for (int i = 1; i <= some.size(); i++) {
                answers.add(answer.apply(words.word(i)));
            }
        }
        return answers;
    }

    /** How many answers there are, then each. */
    private Words call(What what, int answers, List<Bytes32> keys) {
        CallData data = CallData.constructor(ARTIFACT)
                .addressWord(ledger.address())
                .word(what.ordinal())
                .words(CONSTRUCTOR_WORDS, keys);
        String answered = ledger.chain().create(data, ERRORS, block);
        if (answered == null || answered.equals("0x")) {
            throw new ChainException.Unavailable("the node answered nothing to eth_call without an address");
        }
        Words words = new Words(answered, 1 + answers);
        if (!words.unsigned(0).equals(BigInteger.valueOf(answers))) {
            throw new ChainException.Unavailable("the node answered something else than what the ledger was asked for");
        }
        return words;
    }
}
