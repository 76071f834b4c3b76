package city.madang.payment.treasury;

import city.madang.contracts.LedgerContract;
import city.madang.contracts.LedgerSupply;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.ledger.Books;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes supply reports, the same one for all who ask within some seconds: it is public, and each costs the node some calls. */
@ApplicationScoped
public class SupplyReports {

    private static final Duration KEPT = Duration.ofSeconds(5);
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(10);

    private final LedgerGate gate;
    private final Pool pool;
    private @Nullable SupplyReport latest;
    private Instant made = Instant.EPOCH;

    SupplyReports(LedgerGate gate, Pool pool) {
        this.gate = gate;
        this.pool = pool;
    }

    /** The report of a recent block. Blocking. */
    synchronized SupplyReport report() {
        SupplyReport known = latest;
        if (known != null && Instant.now().isBefore(made.plus(KEPT))) {
            return known;
        }
        SupplyReport fresh = make(gate.ready().contract());
        latest = fresh;
        made = Instant.now();
        return fresh;
    }

    private SupplyReport make(LedgerContract contract) {
        long booked = pool.query("select -available from account where id = '" + Books.ISSUANCE + "'")
                .execute()
                .await()
                .atMost(DATABASE_TIMEOUT)
                .iterator()
                .next()
                .getLong(0);
        LedgerSupply found = contract.supplyNow();
        long reserve = found.reserve().min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
        return new SupplyReport(
                contract.domain().chainId().longValueExact(),
                contract.address(),
                LedgerContract.codeSha256().hex(),
                new SupplyReport.Block(
                        found.blockNumber(), found.blockHash(), Instant.ofEpochSecond(found.timestamp())),
                found.supply(),
                reserve,
                found.minted(),
                found.burned(),
                found.redemption(),
                booked,
                found.supply() == found.minted() - found.burned() && found.supply() <= reserve,
                how(contract, found.blockNumber()));
    }

    private static List<SupplyReport.Call> how(LedgerContract contract, long block) {
        String at = "0x" + Long.toHexString(block);
        List<SupplyReport.Call> how = new ArrayList<>();
        how.add(new SupplyReport.Call(
                "code_sha256", "eth_getCode", List.of(contract.address(), at), "SHA-256 of the bytes"));
        LedgerContract.supplyCalls()
                .forEach((number, data) -> how.add(new SupplyReport.Call(
                        number,
                        "eth_call",
                        List.of(Map.of("to", contract.address(), "data", data), at),
                        number.equals("redemption") ? "the fourth word" : "the word")));
        LedgerContract.supplyEvents()
                .forEach((number, topic) -> how.add(new SupplyReport.Call(
                        number,
                        "eth_getLogs",
                        List.of(Map.of(
                                "address",
                                contract.address(),
                                "topics",
                                List.of(topic),
                                "fromBlock",
                                "0x0",
                                "toBlock",
                                at)),
                        number.equals("accounts")
                                ? "topics[1] of each is an account; account(bytes32) of each at this block, their fourth"
                                        + " words summed up, is the supply"
                                : "the first word of each one's data, summed up")));
        return how;
    }
}
