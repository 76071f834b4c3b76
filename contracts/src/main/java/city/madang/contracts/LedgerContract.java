package city.madang.contracts;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.utils.Numeric;

/**
 * The ledger at an address. Calls that change something take the {@link ChainSender} of the key that holds the role, wait for the
 * receipt, and throw {@link ChainException.Reverted} with the contract's error name when the contract refuses.
 */
public final class LedgerContract {

    /** The most items in one batch; 200 payments of the dearest kind stay below {@link ChainSender#GAS_MAX}. */
    public static final int BATCH_MAX = 200;

    /** Gas allowed for a batch before its items: the transaction itself and the call, and some room. */
    private static final long BATCH_GAS = 100_000;

    /** Gas that the items of a batch may have together, each with its {@link SettlementItem#gasMax}. */
    public static final long ITEMS_GAS_MAX = ChainSender.GAS_MAX - BATCH_GAS;

    /** The account into which holders pay what they redeem, and out of which it is burned. It never has a key. */
    public static final Bytes32 REDEMPTION = LedgerDomain.keccak("Madang redemption");

    /** Arguments of the constructor, the array's place among them. */
    private static final long CONSTRUCTOR_WORDS = 8;

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

    /** {@link #deploy(ChainSender, LedgerRoles, RecoveryCouncil)} of a ledger on which keys are never recovered. */
    public static LedgerContract deploy(ChainSender sender, LedgerRoles roles) {
        return deploy(sender, roles, RecoveryCouncil.NONE);
    }

    /**
     * Deploys a new ledger.
     *
     * @throws ChainException.Reverted with {@code MissingPrecompile} on a chain without P256VERIFY, {@code BadRoles} when the roles
     *     are not separate, or the council can't agree
     */
    public static LedgerContract deploy(ChainSender sender, LedgerRoles roles, RecoveryCouncil council) {
        CallData data = CallData.constructor(ARTIFACT)
                .addressWord(roles.operator())
                .addressWord(roles.auditor())
                .addressWord(roles.treasurerA())
                .addressWord(roles.treasurerB())
                .addressWord(roles.identityAuthority())
                .word(council.approvalsNeeded())
                .word(council.delaySeconds())
                .word(CONSTRUCTOR_WORDS * 32)
                .word(council.agencies().size());
        council.agencies().forEach(data::addressWord);
        TransactionReceipt receipt = sender.send(null, data, ERRORS);
        return new LedgerContract(sender.chain(), receipt.getContractAddress());
    }

    /** The compiled contract that this class speaks to. */
    public static Artifact artifact() {
        return ARTIFACT;
    }

    /** The chain on which it stands. */
    public Chain chain() {
        return chain;
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

    /** Gives up a nonce, as the account's present key signed. Any sender may bring it. */
    public TransactionReceipt cancelNonce(ChainSender sender, NonceCancellation cancellation, P256Signature signature) {
        return send(
                sender,
                CallData.function("cancelNonce(bytes32,uint32,uint256,bytes32,bytes32)")
                        .word(cancellation.account())
                        .word(cancellation.keyVersion())
                        .word(cancellation.nonce())
                        .word(signature.r())
                        .word(signature.s()));
    }

    /** Proposes a new key for an account whose key is lost; replaces an earlier proposal. {@link #recovery} tells its number. */
    public TransactionReceipt proposeRecovery(ChainSender identityAuthority, Bytes32 id, Bytes32 x, Bytes32 y) {
        return send(
                identityAuthority,
                CallData.function("proposeRecovery(bytes32,uint256,uint256)")
                        .word(id)
                        .word(x)
                        .word(y));
    }

    /** Approves a recovery in the name of an agency of the council. */
    public TransactionReceipt approveRecovery(ChainSender agency, Bytes32 id, long number) {
        return send(
                agency,
                CallData.function("approveRecovery(bytes32,uint32)").word(id).word(number));
    }

    /** Ends a recovery as the account's present key signed. Any sender may bring it. */
    public TransactionReceipt vetoRecovery(ChainSender sender, RecoveryVeto veto, P256Signature signature) {
        return send(
                sender,
                CallData.function("vetoRecovery(bytes32,uint32,bytes32,bytes32)")
                        .word(veto.account())
                        .word(veto.number())
                        .word(signature.r())
                        .word(signature.s()));
    }

    /** Takes a proposal back. */
    public TransactionReceipt withdrawRecovery(ChainSender identityAuthority, Bytes32 id, long number) {
        return send(
                identityAuthority,
                CallData.function("withdrawRecovery(bytes32,uint32)").word(id).word(number));
    }

    /** Gives the account its new key once the delay has passed. Any sender may bring it. */
    public TransactionReceipt finishRecovery(ChainSender sender, Bytes32 id, long number) {
        return send(
                sender,
                CallData.function("finishRecovery(bytes32,uint32)").word(id).word(number));
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

    /** Proposes to burn {@code amount} won of what was paid into {@link #REDEMPTION}. */
    public TransactionReceipt proposeBurn(ChainSender treasurer, Bytes32 burnId, long amount) {
        return send(
                treasurer,
                CallData.function("proposeBurn(bytes32,uint64)").word(burnId).word(amount));
    }

    /** Burns what the other treasurer proposed. */
    public TransactionReceipt approveBurn(ChainSender treasurer, Bytes32 burnId) {
        return send(treasurer, CallData.function("approveBurn(bytes32)").word(burnId));
    }

    /** {@link #settle(ChainSender, List, Consumer)} for callers that don't need the hash beforehand. */
    public SettlementReceipt settle(ChainSender operator, List<? extends SettlementItem> batch) {
        return settle(operator, batch, hash -> {});
    }

    /**
     * Settles a batch: each item takes effect or is skipped with a reason, whatever becomes of its neighbours.
     *
     * <p>Sending a batch again is harmless: what has settled is refused as {@code NONCE_USED}. The gas limit is computed, not
     * estimated: an item that would be refused now and settles when its block comes would need more than an estimate.
     *
     * @param batch 1 to {@link #BATCH_MAX} items, whose gas together is at most {@link #ITEMS_GAS_MAX}
     * @param beforeSubmit given the transaction's hash before the chain gets it; may be called more than once
     * @throws ChainException.Failed when the whole transaction failed: the sender is not the operator, or the chain lacks P256VERIFY
     * @throws ChainException.Pending when it is in no block yet; {@link #settled(String)} tells later
     */
    public SettlementReceipt settle(
            ChainSender operator, List<? extends SettlementItem> batch, Consumer<String> beforeSubmit) {
        return LedgerEvents.receipt(
                address, operator.send(address, LedgerEvents.settleCall(batch), gasLimit(batch), beforeSubmit));
    }

    private static long gasLimit(List<? extends SettlementItem> batch) {
        if (batch.isEmpty() || batch.size() > BATCH_MAX) {
            throw new IllegalArgumentException("a batch has 1 to " + BATCH_MAX + " items");
        }
        long itemsGas = batch.stream().mapToLong(SettlementItem::gasMax).sum();
        if (itemsGas > ITEMS_GAS_MAX) {
            throw new IllegalArgumentException("a batch's items have at most " + ITEMS_GAS_MAX + " gas");
        }
        return BATCH_GAS + itemsGas;
    }

    /** Gas that a batch of so many payments and captured holds is allowed. */
    public static long batchGas(int payments, int captures) {
        return BATCH_GAS + SignedPayment.GAS_MAX * payments + CapturedHold.GAS_MAX * captures;
    }

    /**
     * Signs a batch's transaction; sends nothing. {@link ChainSender#submit} does, and {@link #settled(String)} tells what came
     * of it.
     *
     * @param batch 1 to {@link #BATCH_MAX} items
     * @param number the operator's transaction number
     */
    public SignedTransaction sign(ChainSender operator, List<? extends SettlementItem> batch, long number, Fee fee) {
        return operator.sign(address, LedgerEvents.settleCall(batch), gasLimit(batch), number, fee);
    }

    /**
     * What became of a batch that was sent in a transaction, empty while it is in no block.
     *
     * @throws ChainException.Failed when the transaction failed
     */
    public Optional<SettlementReceipt> settled(String transactionHash) {
        return chain.receipt(transactionHash).map(receipt -> LedgerEvents.receipt(address, receipt));
    }

    /** What a transaction settled and where, for receipts; empty while it is in no block. */
    public Optional<SettledTransaction> settledIn(String transactionHash) {
        return chain.receipt(transactionHash).map(receipt -> LedgerEvents.transaction(address, receipt));
    }

    /** Where an authorisation was settled, empty when it was not: to be asked after a crash, and before booking a reversal. */
    public Optional<Settlement> settlementOf(Bytes32 authorisation) {
        return chain.logs(address, LedgerEvents.SETTLED, authorisation).stream()
                .findFirst()
                .map(LedgerEvents::settlement);
    }

    /** An account, empty when the ledger does not know it. */
    public Optional<LedgerAccount> account(Bytes32 id) {
        return account(call(CallData.function("account(bytes32)").word(id), 6));
    }

    /** Reads much of it at once, as a block left it. */
    public LedgerReader reader(long block) {
        return new LedgerReader(this, block);
    }

    private static Optional<LedgerAccount> account(Words words) {
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

    /** A burn, empty when none was proposed under this id. */
    public Optional<LedgerBurn> burn(Bytes32 burnId) {
        Words words = call(CallData.function("burn(bytes32)").word(burnId), 3);
        return words.flag(1)
                ? Optional.of(new LedgerBurn(words.number(0), words.address(1), words.flag(2)))
                : Optional.empty();
    }

    /** {@code 0x}-hex hash of the transaction that burned, empty while none has. */
    public Optional<String> burnedIn(Bytes32 burnId) {
        return transactionOf(LedgerEvents.BURNED, burnId);
    }

    /** The latest recovery of an account, empty when there was none. */
    public Optional<LedgerRecovery> recovery(Bytes32 id) {
        Words words = call(CallData.function("recovery(bytes32)").word(id), 7);
        return words.flag(0)
                ? Optional.of(new LedgerRecovery(
                        words.number(0),
                        LedgerRecovery.State.values()[(int) words.number(1)],
                        words.number(2),
                        words.word(3),
                        words.word(4),
                        words.unsigned(5),
                        words.number(6)))
                : Optional.empty();
    }

    /** Who must agree before a lost key is replaced. */
    public RecoveryCouncil council() {
        long count = call(CallData.function("agencyCount()"), 1).number(0);
        List<String> agencies = LongStream.range(0, count)
                .mapToObj(i ->
                        call(CallData.function("agencies(uint256)").word(i), 1).address(0))
                .toList();
        return new RecoveryCouncil(
                agencies,
                (int) call(CallData.function("approvalsNeeded()"), 1).number(0),
                call(CallData.function("recoveryDelay()"), 1).number(0));
    }

    /** {@code 0x}-hex hash of the transaction that made a mint, empty while none has. */
    public Optional<String> mintedIn(Bytes32 mintId) {
        return transactionOf(LedgerEvents.MINTED, mintId);
    }

    private Optional<String> transactionOf(String event, Bytes32 firstIndexed) {
        return chain.logs(address, event, firstIndexed).stream().findFirst().map(log -> log.getTransactionHash()
                .toLowerCase(Locale.ROOT));
    }

    /** Won in all accounts together. */
    public long supply() {
        return call(CallData.function("supply()"), 1).number(0);
    }

    /** Won that the auditor has attested last. */
    public BigInteger reserve() {
        return call(CallData.function("reserve()"), 1).unsigned(0);
    }

    /** SHA-256 of the code of this version's ledger. */
    public static Bytes32 codeSha256() {
        return LedgerDomain.sha256(Numeric.hexStringToByteArray(ARTIFACT.deployedBytecode()));
    }

    /** Call data of what {@link #supplyNow} reads, by what it gives. */
    public static SortedMap<String, String> supplyCalls() {
        return new TreeMap<>(Map.of(
                "supply", CallData.function("supply()").encoded(),
                "reserve", CallData.function("reserve()").encoded(),
                "redemption",
                        CallData.function("account(bytes32)").word(REDEMPTION).encoded()));
    }

    /** First topics of the events that sum up to what {@link #supplyNow} tells, and of those that name all accounts. */
    public static SortedMap<String, String> supplyEvents() {
        return new TreeMap<>(Map.of(
                "minted", LedgerEvents.MINTED, "burned", LedgerEvents.BURNED, "accounts", LedgerEvents.ACCOUNT_OPENED));
    }

    /** The money as the latest block has it, all of it read at that block. */
    public LedgerSupply supplyNow() {
        EthBlock.Block block = chain.block(chain.blockNumber());
        DefaultBlockParameter at = DefaultBlockParameter.valueOf(block.getNumber());
        return new LedgerSupply(
                block.getNumber().longValueExact(),
                block.getHash(),
                block.getTimestamp().longValueExact(),
                read(CallData.function("supply()"), at, 1).number(0),
                read(CallData.function("reserve()"), at, 1).unsigned(0),
                sum(LedgerEvents.MINTED, at),
                sum(LedgerEvents.BURNED, at),
                read(CallData.function("account(bytes32)").word(REDEMPTION), at, 6)
                        .number(3));
    }

    /** What a view of it answers as a block left it. */
    Words read(CallData view, DefaultBlockParameter block, int words) {
        return new Words(chain.call(address, view, ERRORS, block), words);
    }

    private long sum(String event, DefaultBlockParameter to) {
        return chain.logs(address, event, to).stream()
                .mapToLong(log -> new Words(log.getData(), 1).number(0))
                .sum();
    }

    /** The domain separator as the contract computes it; equal to that of {@link #domain}. */
    public Bytes32 domainSeparator() {
        return call(CallData.function("domainSeparator()"), 1).word(0);
    }

    /** An authorisation's id as the contract computes it. */
    public Bytes32 authorisationId(SignedPayment payment) {
        return call(LedgerEvents.authorisationIdCall(payment), 1).word(0);
    }

    /** A hold's id as the contract computes it. */
    public Bytes32 holdId(CapturedHold capture) {
        return call(LedgerEvents.holdIdCall(capture), 1).word(0);
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
