package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.ChainException;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.NonceCancellation;
import city.madang.contracts.P256Signature;
import city.madang.payment.chain.LedgerState;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jboss.logging.Logger;

/** Carries nonces that their holders signed away to the contract. Each step can be repeated after a crash. Blocking. */
@ApplicationScoped
class CancellationSettler {

    private static final Logger LOG = Logger.getLogger(CancellationSettler.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Cancellations taken at once. */
    private static final int AT_ONCE = 50;

    private static final String WAITING = "select c.payer, c.nonce, c.key_version, c.signature from cancelled_nonce c"
            + " join account a on a.id = c.payer where c.state = 'recorded' and a.state <> 'opening'"
            + " order by c.cancelled limit " + AT_ONCE;

    private final Pool pool;

    CancellationSettler(Pool pool) {
        this.pool = pool;
    }

    /** Cancels what waits. */
    void settle(LedgerState.Ready ledger) {
        List<Row> waiting = new ArrayList<>();
        await(pool.query(WAITING).execute()).forEach(waiting::add);
        for (Row row : waiting) {
            NonceCancellation cancellation = new NonceCancellation(
                    new Bytes32(row.getString(0)), row.getInteger(2), new Bytes32(row.getString(1)).unsigned());
            if (!isUsed(ledger.contract(), cancellation)) {
                try {
                    ledger.contract()
                            .cancelNonce(
                                    ledger.keys().operator(),
                                    cancellation,
                                    P256Signature.of(Base64.getUrlDecoder().decode(row.getString(3))));
                } catch (ChainException.Reverted refused) {
                    LOG.warnf("the contract refuses to cancel a nonce of %s: %s", row.getString(0), refused.error());
                }
            }
            String state = isUsed(ledger.contract(), cancellation) ? "done" : "refused";
            await(pool.preparedQuery("update cancelled_nonce set state = $3 where payer = $1 and nonce = $2")
                    .execute(Tuple.of(row.getString(0), row.getString(1), state)));
        }
    }

    private static boolean isUsed(LedgerContract contract, NonceCancellation cancellation) {
        return contract.nonceWord(cancellation.account(), cancellation.nonce().shiftRight(8))
                .testBit(cancellation.nonce().byteValue() & 0xff);
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(TIMEOUT);
    }
}
