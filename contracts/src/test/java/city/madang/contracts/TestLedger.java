package city.madang.contracts;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** A freshly deployed ledger with its roles, and what tests do with it all the time. */
final class TestLedger implements AutoCloseable {

    final Chain chain;
    final ChainSender operator;
    final ChainSender auditor;
    final ChainSender treasurerA;
    final ChainSender treasurerB;
    final ChainSender identityAuthority;
    final ChainSender stranger;
    final List<ChainSender> agencies;
    final LedgerContract contract;
    final Bytes32 separator;
    private final AtomicLong nonces = new AtomicLong();

    /** Seconds between a recovery's last approval and its end. */
    static final long RECOVERY_DELAY = 3_600;

    TestLedger() {
        this(Anvil.shared());
    }

    TestLedger(Anvil anvil) {
        chain = Chain.connect(anvil.rpcUrl());
        operator = new ChainSender(chain, anvil.fundedKey());
        auditor = new ChainSender(chain, anvil.fundedKey());
        treasurerA = new ChainSender(chain, anvil.fundedKey());
        treasurerB = new ChainSender(chain, anvil.fundedKey());
        identityAuthority = new ChainSender(chain, anvil.fundedKey());
        stranger = new ChainSender(chain, anvil.fundedKey());
        agencies = List.of(
                new ChainSender(chain, anvil.fundedKey()),
                new ChainSender(chain, anvil.fundedKey()),
                new ChainSender(chain, anvil.fundedKey()));
        contract = LedgerContract.deploy(operator, roles(), council());
        separator = contract.domain().separator();
    }

    LedgerRoles roles() {
        return new LedgerRoles(
                operator.address(),
                auditor.address(),
                treasurerA.address(),
                treasurerB.address(),
                identityAuthority.address());
    }

    /** Two of three. */
    RecoveryCouncil council() {
        return new RecoveryCouncil(agencies.stream().map(ChainSender::address).toList(), 2, RECOVERY_DELAY);
    }

    /** A holder with an account. */
    record Holder(Bytes32 id, Wallet wallet) {}

    Holder open() {
        var holder = new Holder(TestKeys.random(), new Wallet());
        contract.openAccount(
                operator, holder.id(), holder.wallet().x(), holder.wallet().y());
        return holder;
    }

    /** Opens many at once, which also tries one sender from many threads. */
    List<Holder> open(int count) {
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<Holder> one = () -> open();
            List<Future<Holder>> opened =
                    IntStream.range(0, count).mapToObj(i -> threads.submit(one)).toList();
            return opened.stream().map(TestLedger::get).toList();
        }
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    Holder openWith(long balance) {
        Holder holder = open();
        mint(holder.id(), balance);
        return holder;
    }

    void mint(Bytes32 to, long amount) {
        contract.attestReserve(auditor, contract.reserve().add(BigInteger.valueOf(amount)), TestKeys.random());
        Bytes32 mintId = TestKeys.random();
        contract.proposeMint(treasurerA, mintId, to, amount);
        contract.approveMint(treasurerB, mintId);
    }

    long balance(Holder holder) {
        return contract.account(holder.id()).orElseThrow().balance();
    }

    /** A plain transfer with a nonce of its own, valid for an hour. */
    PayAuthorisation transfer(Holder from, Holder to, long amount) {
        return pay(from, to, amount, Bytes32.ZERO, BigInteger.valueOf(nonces.getAndIncrement()));
    }

    PayAuthorisation bill(Holder from, Holder to, long amount, Bytes32 billHash) {
        return pay(from, to, amount, billHash, BigInteger.valueOf(nonces.getAndIncrement()));
    }

    PayAuthorisation pay(Holder from, Holder to, long amount, Bytes32 billHash, BigInteger nonce) {
        long now = Instant.now().getEpochSecond();
        return new PayAuthorisation(from.id(), 1, to.id(), amount, billHash, nonce, now - 60, now + 3600);
    }

    /** A hold for its payee to capture, with a nonce of its own, valid for an hour. */
    HoldAuthorisation hold(Holder from, Holder to, long maxAmount) {
        return hold(from, to, to, maxAmount, Bytes32.ZERO);
    }

    HoldAuthorisation hold(Holder from, Holder to, Holder capturer, long maxAmount, Bytes32 billHash) {
        long now = Instant.now().getEpochSecond();
        return new HoldAuthorisation(
                from.id(),
                1,
                to.id(),
                capturer.id(),
                maxAmount,
                billHash,
                BigInteger.valueOf(nonces.getAndIncrement()),
                now - 60,
                now + 3600);
    }

    /** A hold of which {@code amount} is taken, signed by both. */
    CapturedHold capture(HoldAuthorisation hold, Holder payer, Holder capturer, long amount) {
        HoldCapture capture = new HoldCapture(hold.id(separator), 1, amount);
        return new CapturedHold(
                hold,
                payer.wallet().sign(hold.message(separator)),
                1,
                amount,
                capturer.wallet().sign(capture.message(separator)));
    }

    SignedPayment sign(PayAuthorisation authorisation, Holder signer) {
        return new SignedPayment(authorisation, signer.wallet().sign(authorisation.message(separator)));
    }

    List<Outcome> settle(SettlementItem... batch) {
        return contract.settle(operator, List.of(batch)).outcomes();
    }

    /** Settles one and tells why it was refused. */
    RefusalReason refusal(SettlementItem item) {
        List<Outcome> outcomes = settle(item);
        if (outcomes.size() == 1
                && outcomes.getFirst() instanceof Outcome.Refused(Bytes32 id, RefusalReason reason)
                && id.equals(item.id(separator))) {
            return reason;
        }
        throw new AssertionError("not refused: " + outcomes);
    }

    @Override
    public void close() {
        chain.close();
    }
}
