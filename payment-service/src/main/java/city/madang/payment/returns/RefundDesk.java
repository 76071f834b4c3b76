package city.madang.payment.returns;

import city.madang.contracts.Bytes32;
import city.madang.kit.keys.Keyring;
import city.madang.kit.worker.OffLoop;
import city.madang.payment.accounts.Accounts;
import city.madang.payment.accounts.KeyProof;
import city.madang.payment.accounts.Owner;
import city.madang.payment.authorisations.RefundOnBehalf;
import city.madang.payment.authorisations.Verdict;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Signs refunds of fees for agencies. Each has an account for that alone, an ordinary one whose key this service holds for it: the
 * agency funds it, and no more than what lies there can ever go out. Their receiving accounts stay without a key.
 */
@ApplicationScoped
class RefundDesk {

    private static final Logger LOG = Logger.getLogger(RefundDesk.class);

    /** Refunds of one payment that the ledger may refuse before their nonces would meet another payment's. */
    private static final int ATTEMPTS_MAX = 1_024;

    private static final Duration VALID = Duration.ofDays(1);
    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final String SUBJECT = "refund-desk";

    private final Pool pool;
    private final Keyring keyring;
    private final Accounts accounts;
    private final RefundOnBehalf refunds;
    private final boolean signs;

    RefundDesk(
            Pool pool,
            Keyring keyring,
            Accounts accounts,
            RefundOnBehalf refunds,
            ReturnsConfig config,
            @ConfigProperty(name = "madang.environment", defaultValue = "production") String environment) {
        this.pool = pool;
        this.keyring = keyring;
        this.accounts = accounts;
        this.refunds = refunds;
        this.signs = config.desk().orElse(environment.equals("development"));
    }

    /**
     * What an agency owes.
     *
     * @param position of the return, which makes the nonce
     * @param attempts refunds of the payment that there were before
     * @param payment that is to be paid back
     * @param payer account that had paid
     */
    record Owed(String agency, long position, int attempts, String payment, String payer, long amount) {}

    /** Opens the accounts of agencies that began to take fees. */
    Uni<Void> openAccounts() {
        if (!signs) {
            return Uni.createFrom().voidItem();
        }
        return pool.query("select agency from refund_desk where account is null limit 20")
                .execute()
                .chain(rows -> {
                    List<String> agencies = new ArrayList<>();
                    rows.forEach(row -> agencies.add(row.getString(0)));
                    return Multi.createFrom()
                            .iterable(agencies)
                            .onItem()
                            .transformToUniAndConcatenate(this::open)
                            .collect()
                            .last();
                })
                .replaceWithVoid();
    }

    private Uni<Void> open(String agency) {
        return OffLoop.call(() -> {
                    ECPublicKey key = (ECPublicKey) keyring.createIfAbsent(key(agency), Keyring.Algorithm.ES256);
                    return new KeyProof(
                            key.getW().getAffineX(),
                            key.getW().getAffineY(),
                            UUID.randomUUID().toString());
                })
                .chain(proof -> accounts.open(Owner.agency(agency), SUBJECT, proof))
                .chain(opened -> pool.preparedQuery("update refund_desk set account = $2 where agency = $1")
                        .execute(Tuple.of(agency, opened.account().id())))
                .replaceWithVoid();
    }

    /** Whether the refund was accepted; if not, it is to be tried again later. */
    Uni<Boolean> pay(Owed owed) {
        if (!signs || owed.attempts() >= ATTEMPTS_MAX) {
            return Uni.createFrom().item(false);
        }
        return pool.preparedQuery("select a.id, a.key_version from refund_desk d join account a on a.id = d.account"
                        + " where d.agency = $1 and a.state = 'open'")
                .execute(Tuple.of(owed.agency()))
                .chain(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().item(false);
                    }
                    var account = rows.iterator().next();
                    return OffLoop.call(() -> Instant.now())
                            .chain(now -> bring(owed, account.getString(0), account.getInteger(1), now));
                });
    }

    private Uni<Boolean> bring(Owed owed, String account, int keyVersion, Instant now) {
        RefundOnBehalf.Refund refund = new RefundOnBehalf.Refund(
                new Bytes32(owed.payment()),
                new Bytes32(account),
                keyVersion,
                new Bytes32(owed.payer()),
                owed.amount(),
                BigInteger.valueOf(owed.position())
                        .multiply(BigInteger.valueOf(ATTEMPTS_MAX))
                        .add(BigInteger.valueOf(owed.attempts())),
                now.minus(SKEW).getEpochSecond(),
                now.plus(VALID).getEpochSecond());
        return refunds.bring(Owner.agency(owed.agency()), refund, message -> keyring.sign(key(owed.agency()), message))
                .map(answer -> {
                    if (answer.verdict() instanceof Verdict.Refused(var why)) {
                        LOG.warnf("a fee of %s can't go back yet: %s", owed.agency(), why);
                        return false;
                    }
                    return true;
                });
    }

    private static String key(String agency) {
        return "payment/refunds/" + agency;
    }
}
