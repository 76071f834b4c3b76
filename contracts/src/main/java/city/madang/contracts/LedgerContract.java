package city.madang.contracts;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/**
 * The ledger at an address. Calls that change something take the {@link ChainSender} of the key that holds the role, wait for the
 * receipt, and throw {@link ChainException.Reverted} with the contract's error name when the contract refuses.
 */
public final class LedgerContract {

    /** The most payments in one batch; 200 of the dearest kind stay below {@link ChainSender#GAS_MAX}. */
    public static final int BATCH_MAX = 200;

    /** Gas allowed for a batch before its items: the transaction itself and the call, and some room. */
    private static final long BATCH_GAS = 100_000;

    /** Gas allowed for each item, above what the dearest (first use of a nonce word, a bill) was measured to take. */
    private static final long ITEM_GAS = 82_000;

    private static final Artifact ARTIFACT = Artifact.load("Ledger");
    private static final Map<String, String> ERRORS = ARTIFACT.errors();

    private final Chain chain;
    private final String address;
    private final LedgerDomain domain;

    /** Uses the ledger at an address; call {@link #requireSameCode} before trusting it. */
    public LedgerContract(Chain chain, String address) {
        this.chain = chain;
        this.address = CallData.address(address);
        this.domain = new LedgerDomain(chain.chainId(), this.address);
    }

    /**
     * Deploys a new ledger.
     *
     * @throws ChainException.Reverted with {@code MissingPrecompile} on a chain without P256VERIFY, {@code BadRoles} when the roles
     *     are not separate
     */
    public static LedgerContract deploy(ChainSender sender, LedgerRoles roles) {
        CallData data = CallData.constructor(ARTIFACT)
                .addressWord(roles.operator())
                .addressWord(roles.auditor())
                .addressWord(roles.treasurerA())
                .addressWord(roles.treasurerB())
                .addressWord(roles.identityAuthority());
        TransactionReceipt receipt = sender.send(null, data, ERRORS);
        return new LedgerContract(sender.chain(), receipt.getContractAddress());
    }

    /** The compiled contract that this class speaks to. */
    public static Artifact artifact() {
        return ARTIFACT;
    }

    /** The contract's address, {@code 0x} and 40 lower-case hexadecimal digits. */
    public String address() {
        return address;
    }

    /** The domain of the messages that this ledger takes. */
    public LedgerDomain domain() {
        return domain;
    }

    /**
     * Checks that exactly this version's ledger stands at the address.
     *
     * @throws ChainException.WrongCode when there is no code, or other code
     */
    public void requireSameCode() {
        chain.requireSameCode(address, ARTIFACT);
    }

    /** Opens an account with a key. */
    public TransactionReceipt openAccount(ChainSender operator, Bytes32 id, Bytes32 x, Bytes32 y) {
        return send(
                operator,
                CallData.function("openAccount(bytes32,uint256,uint256)")
                        .word(id)
                        .word(x)
                        .word(y));
    }

    /** Opens an account that only receives until the identity authority sets its first key. */
    public TransactionReceipt openReceivingAccount(ChainSender operator, Bytes32 id) {
        return openAccount(operator, id, Bytes32.ZERO, Bytes32.ZERO);
    }

    /** Gives its first key to an account that was opened without one. */
    public TransactionReceipt setFirstKey(ChainSender identityAuthority, Bytes32 id, Bytes32 x, Bytes32 y) {
        return send(
                identityAuthority,
                CallData.function("setFirstKey(bytes32,uint256,uint256)")
                        .word(id)
                        .word(x)
                        .word(y));
    }

    /** Replaces an account's key, as its present key signed. Any sender may bring it. */
    public TransactionReceipt rotateKey(ChainSender sender, KeyRotation rotation, P256Signature signature) {
        return send(
                sender,
                CallData.function("rotateKey(bytes32,uint32,uint256,uint256,bytes32,bytes32)")
                        .word(rotation.account())
                        .word(rotation.keyVersion())
                        .word(rotation.newX())
                        .word(rotation.newY())
                        .word(signature.r())
                        .word(signature.s()));
    }

    /** Stops an account from paying and from rotating its key; it still receives. */
    public TransactionReceipt freeze(ChainSender operator, Bytes32 id) {
        return send(operator, CallData.function("freeze(bytes32)").word(id));
    }

    /** Ends what {@link #freeze} began. */
    public TransactionReceipt unfreeze(ChainSender operator, Bytes32 id) {
        return send(operator, CallData.function("unfreeze(bytes32)").word(id));
    }

    /**
     * Replaces the attested reserve, in won.
     *
     * @param evidence SHA-256 of the document that shows it
     */
    public TransactionReceipt attestReserve(ChainSender auditor, BigInteger amount, Bytes32 evidence) {
        return send(
                auditor,
                CallData.function("attestReserve(uint256,bytes32)").word(amount).word(evidence));
    }

    /** Proposes to mint {@code amount} won; nothing moves before the other treasurer approves. */
    public TransactionReceipt proposeMint(ChainSender treasurer, Bytes32 mintId, Bytes32 to, long amount) {
        return send(
                treasurer,
                CallData.function("proposeMint(bytes32,bytes32,uint64)")
                        .word(mintId)
                        .word(to)
                        .word(amount));
    }

    /** Mints what the other treasurer proposed. */
    public TransactionReceipt approveMint(ChainSender treasurer, Bytes32 mintId) {
        return send(treasurer, CallData.function("approveMint(bytes32)").word(mintId));
    }

    /** {@link #settle(ChainSender, List, Consumer)} for callers that don't need the hash beforehand. */
    public SettlementReceipt settle(ChainSender operator, List<SignedPayment> batch) {
        return settle(operator, batch, hash -> {});
    }

    /**
     * Settles a batch: each item takes effect or is skipped with a reason, whatever becomes of its neighbours.
     *
     * <p>Sending a batch again is harmless: what has settled is refused as {@code NONCE_USED}. The gas limit is computed, not
     * estimated: an item that would be refused now and settles when its block comes would need more than an estimate.
     *
     * @param batch 1 to {@link #BATCH_MAX} items
     * @param beforeSubmit given the transaction's hash before the chain gets it; may be called more than once
     * @throws ChainException.Failed when the whole transaction failed: the sender is not the operator, or the chain lacks P256VERIFY
     * @throws ChainException.Pending when it is in no block yet; {@link #settled(String)} tells later
     */
    public SettlementReceipt settle(ChainSender operator, List<SignedPayment> batch, Consumer<String> beforeSubmit) {
        if (batch.isEmpty() || batch.size() > BATCH_MAX) {
            throw new IllegalArgumentException("a batch has 1 to " + BATCH_MAX + " items");
        }
        long gasLimit = BATCH_GAS + ITEM_GAS * batch.size();
        return LedgerEvents.receipt(
                address, operator.send(address, LedgerEvents.settleCall(batch), gasLimit, beforeSubmit));
    }

    /**
     * What became of a batch that was sent in a transaction, empty while it is in no block.
     *
     * @throws ChainException.Failed when the transaction failed
     */
    public Optional<SettlementReceipt> settled(String transactionHash) {
        return chain.receipt(transactionHash).map(receipt -> LedgerEvents.receipt(address, receipt));
    }

    /** Where an authorisation was settled, empty when it was not: to be asked after a crash, and before booking a reversal. */
    public Optional<Settlement> settlementOf(Bytes32 authorisation) {
        return chain.logs(address, LedgerEvents.SETTLED, authorisation).stream()
                .findFirst()
                .map(LedgerEvents::settlement);
    }

    /** An account, empty when the ledger does not know it. */
    public Optional<LedgerAccount> account(Bytes32 id) {
        Words words = call(CallData.function("account(bytes32)").word(id), 6);
        return words.flag(5)
                ? Optional.of(new LedgerAccount(
                        words.word(0), words.word(1), words.number(2), words.number(3), words.flag(4)))
                : Optional.empty();
    }

    /** 256 of an account's nonces: bit b is set when nonce {@code word << 8 | b} is used. */
    public BigInteger nonceWord(Bytes32 from, BigInteger word) {
        return call(CallData.function("nonceWord(bytes32,uint256)").word(from).word(word), 1)
                .unsigned(0);
    }

    /** The id of the authorisation that paid a bill, empty while it is unpaid. */
    public Optional<Bytes32> billPaidBy(Bytes32 billHash) {
        return Optional.of(call(CallData.function("billPaidBy(bytes32)").word(billHash), 1)
                        .word(0))
                .filter(id -> !id.isZero());
    }

    /** A mint, empty when none was proposed under this id. */
    public Optional<LedgerMint> mint(Bytes32 mintId) {
        Words words = call(CallData.function("mint(bytes32)").word(mintId), 4);
        return words.flag(2)
                ? Optional.of(new LedgerMint(words.word(0), words.number(1), words.address(2), words.flag(3)))
                : Optional.empty();
    }

    /** {@code 0x}-hex hash of the transaction that made a mint, empty while none has. */
    public Optional<String> mintedIn(Bytes32 mintId) {
        return chain.logs(address, LedgerEvents.MINTED, mintId).stream()
                .findFirst()
                .map(log -> log.getTransactionHash().toLowerCase(java.util.Locale.ROOT));
    }

    /** Won in all accounts together. */
    public long supply() {
        return call(CallData.function("supply()"), 1).number(0);
    }

    /** Won that the auditor has attested last. */
    public BigInteger reserve() {
        return call(CallData.function("reserve()"), 1).unsigned(0);
    }

    /** The domain separator as the contract computes it; equal to that of {@link #domain}. */
    public Bytes32 domainSeparator() {
        return call(CallData.function("domainSeparator()"), 1).word(0);
    }

    /** An authorisation's id as the contract computes it. */
    public Bytes32 authorisationId(SignedPayment payment) {
        return call(LedgerEvents.authorisationIdCall(payment), 1).word(0);
    }

    /** Who holds the roles. */
    public LedgerRoles roles() {
        return new LedgerRoles(
                role("operator()"),
                role("auditor()"),
                role("treasurerA()"),
                role("treasurerB()"),
                role("identityAuthority()"));
    }

    private String role(String getter) {
        return call(CallData.function(getter), 1).address(0);
    }

    private Words call(CallData data, int words) {
        return new Words(chain.call(address, data, ERRORS), words);
    }

    private TransactionReceipt send(ChainSender sender, CallData data) {
        return sender.send(address, data, ERRORS);
    }
}
