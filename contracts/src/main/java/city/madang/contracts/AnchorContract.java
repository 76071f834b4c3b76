package city.madang.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/**
 * The anchor contract at an address. Calls that change something wait for the receipt, and throw
 * {@link ChainException.Reverted} with the contract's error name when the contract refuses.
 */
public final class AnchorContract {

    private static final Artifact ARTIFACT = Artifact.load("Anchor");
    private static final Map<String, String> ERRORS = ARTIFACT.errors();

    private final Chain chain;
    private final String address;

    /** Uses the contract at an address; call {@link #requireSameCode} before trusting it. */
    public AnchorContract(Chain chain, String address) {
        this.chain = chain;
        this.address = CallData.address(address);
    }

    /** Deploys a new one whose owner names the publishers. */
    public static AnchorContract deploy(ChainSender sender, String owner) {
        TransactionReceipt receipt =
                sender.send(null, CallData.constructor(ARTIFACT).addressWord(owner), ERRORS);
        return new AnchorContract(sender.chain(), receipt.getContractAddress());
    }

    /** The compiled contract that this class speaks to. */
    public static Artifact artifact() {
        return ARTIFACT;
    }

    /** The name of a log on the chain: SHA-256 of its checkpoints' origin line, UTF-8, without the newline. */
    public static Bytes32 origin(String originLine) {
        return LedgerDomain.sha256(originLine.getBytes(UTF_8));
    }

    /** The contract's address, {@code 0x} and 40 lower-case hexadecimal digits. */
    public String address() {
        return address;
    }

    /**
     * Checks that exactly this version's contract stands at the address.
     *
     * @throws ChainException.WrongCode when there is no code, or other code
     */
    public void requireSameCode() {
        chain.requireSameCode(address, ARTIFACT);
    }

    /** Names a log's publisher, or replaces it. */
    public TransactionReceipt register(ChainSender owner, Bytes32 origin, String publisher) {
        return owner.send(
                address,
                CallData.function("register(bytes32,address)").word(origin).addressWord(publisher),
                ERRORS);
    }

    /**
     * Anchors a checkpoint; the same one again succeeds and changes nothing.
     *
     * @param size the tree's size, at least 1
     * @param root the tree's root hash
     * @param proof consistency proof (RFC 6962 §2.1.2) from the latest anchored size; empty for a log's first checkpoint
     * @throws ChainException.Reverted with {@code Fork} when this size has another root, {@code GoesBack} when the log was
     *     anchored at a greater size, {@code Inconsistent} when the proof does not lead from the latest anchored checkpoint to
     *     this one, {@code NotAllowed} when the sender is not the log's publisher
     */
    public TransactionReceipt anchor(
            ChainSender publisher, Bytes32 origin, long size, Bytes32 root, List<Bytes32> proof) {
        CallData data = CallData.function("anchor(bytes32,uint64,bytes32,bytes32[])")
                .word(origin)
                .word(size)
                .word(root)
                .words(4, proof);
        return publisher.send(address, data, ERRORS);
    }

    /** What the contract says of a consistency proof, without anchoring anything. */
    public boolean consistent(long older, Bytes32 olderRoot, long newer, Bytes32 newerRoot, List<Bytes32> proof) {
        return call(
                        CallData.function("consistent(uint64,bytes32,uint64,bytes32,bytes32[])")
                                .word(older)
                                .word(olderRoot)
                                .word(newer)
                                .word(newerRoot)
                                .words(5, proof),
                        1)
                .flag(0);
    }

    /** The latest checkpoint of a log, empty when none was anchored. */
    public Optional<AnchoredCheckpoint> latest(Bytes32 origin) {
        Words words = call(CallData.function("latest(bytes32)").word(origin), 2);
        return words.flag(0) ? Optional.of(new AnchoredCheckpoint(words.number(0), words.word(1))) : Optional.empty();
    }

    /** The root anchored for a size of a log, empty when that size was not anchored. */
    public Optional<Bytes32> rootAt(Bytes32 origin, long size) {
        return Optional.of(call(
                                CallData.function("rootAt(bytes32,uint64)")
                                        .word(origin)
                                        .word(size),
                                1)
                        .word(0))
                .filter(root -> !root.isZero());
    }

    /** The address that may anchor a log, empty when the log is not registered. */
    public Optional<String> publisherOf(Bytes32 origin) {
        Words words = call(CallData.function("publisherOf(bytes32)").word(origin), 1);
        return words.flag(0) ? Optional.of(words.address(0)) : Optional.empty();
    }

    private Words call(CallData data, int words) {
        return new Words(chain.call(address, data, ERRORS), words);
    }
}
