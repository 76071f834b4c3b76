package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.ChainException;
import city.madang.contracts.ChainSender;
import city.madang.contracts.LedgerAccount;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.LedgerRecovery;
import city.madang.contracts.P256Signature;
import city.madang.contracts.RecoveryVeto;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.payment.chain.LedgerState;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries recoveries to the contract in the name of those whose keys this process has, and follows what others do there. Each step
 * asks the contract first how far it has come, so a crash between any two repeats none. Blocking.
 */
@ApplicationScoped
class RecoverySettler {

    private static final Logger LOG = Logger.getLogger(RecoverySettler.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Recoveries looked at in one turn: those for which this process can do something, and the others every ten seconds. */
    private static final String OPEN =
            """
            select r.id, r.account, r.key_version, r.x, r.y, r.number, r.state, r.veto_signature, r.withdrawn_by is not null,
                   r.finish_wanted is not null
              from recovery r join account a on a.id = r.account
             where r.state in ('proposed', 'approved') and a.state <> 'opening'
               and (r.veto_signature is not null or r.finish_wanted is not null
                    or $1 and (r.number is null or r.withdrawn_by is not null)
                    or exists (select from recovery_approval p where p.recovery = r.id and not p.carried)
                    or r.checked is null or r.checked < now() - interval '10 seconds')
             order by r.checked nulls first limit 50
            """;

    private static final String FOLLOW =
            """
            update recovery set number = $2, state = $3, approvals = $4, approvals_needed = $5, ready_at = $6, checked = now(),
                   ended = case when $3 in ('proposed', 'approved') then null else now() end
             where id = $1 and state in ('proposed', 'approved')
            """;

    private final Pool pool;
    private final Outbox outbox;
    private final KeySync keys;

    RecoverySettler(Pool pool, Outbox outbox, KeySync keys) {
        this.pool = pool;
        this.outbox = outbox;
        this.keys = keys;
    }

    private record Open(
            UUID id,
            Bytes32 account,
            long keyVersion,
            Bytes32 x,
            Bytes32 y,
            @Nullable Integer number,
            String state,
            @Nullable String veto,
            boolean withdrawn,
            boolean finishWanted) {

        /** Whether the contract's latest proposal of the account is this one. */
        boolean is(LedgerRecovery found) {
            boolean sameKey = found.x().equals(x) && found.y().equals(y) && found.keyVersion() == keyVersion;
            return number != null
                    ? found.number() == number
                    : sameKey
                            && (found.state() == LedgerRecovery.State.PROPOSED
                                    || found.state() == LedgerRecovery.State.APPROVED);
        }
    }

    /** Carries and follows what is open. */
    void settle(LedgerState.Ready ledger) {
        boolean proposes = ledger.keys().identityAuthority() != null;
        for (Row row : rows(OPEN, Tuple.of(proposes))) {
            Open open = new Open(
                    row.getUUID(0),
                    new Bytes32(row.getString(1)),
                    row.getInteger(2),
                    new Bytes32(row.getString(3)),
                    new Bytes32(row.getString(4)),
                    row.getInteger(5),
                    row.getString(6),
                    row.getString(7),
                    row.getBoolean(8),
                    row.getBoolean(9));
            carry(ledger, open);
        }
    }

    private void carry(LedgerState.Ready ledger, Open open) {
        LedgerContract contract = ledger.contract();
        ChainSender authority = ledger.keys().identityAuthority();
        Optional<LedgerRecovery> found = contract.recovery(open.account()).filter(open::is);
        if (found.isEmpty() && open.number() == null && authority != null) {
            if (open.withdrawn()) {
                follow(contract, open, null);
                return;
            }
            attempt("a proposal", open, () -> contract.proposeRecovery(authority, open.account(), open.x(), open.y()));
            found = contract.recovery(open.account()).filter(open::is);
        }
        if (found.isPresent()) {
            long number = found.get().number();
            // a no comes before every yes
            if (open.veto() != null) {
                RecoveryVeto veto = new RecoveryVeto(open.account(), open.keyVersion(), number, open.x(), open.y());
                P256Signature signature =
                        P256Signature.of(Base64.getUrlDecoder().decode(open.veto()));
                attempt(
                        "a veto",
                        open,
                        () -> contract.vetoRecovery(ledger.keys().operator(), veto, signature));
            } else if (open.withdrawn() && authority != null) {
                attempt("a withdrawal", open, () -> contract.withdrawRecovery(authority, open.account(), number));
            } else {
                approve(ledger, open, number);
                if (open.finishWanted()) {
                    attempt(
                            "a new key",
                            open,
                            () -> contract.finishRecovery(ledger.keys().operator(), open.account(), number));
                }
            }
        }
        follow(
                contract,
                open,
                contract.recovery(open.account()).filter(open::is).orElse(null));
    }

    private void approve(LedgerState.Ready ledger, Open open, long number) {
        Map<String, ChainSender> agencies = ledger.keys().agencies();
        for (Row row : rows(
                "select agency from recovery_approval where recovery = $1 and not carried order by approved",
                Tuple.of(open.id()))) {
            String agency = row.getString(0);
            ChainSender sender = agencies.get(agency);
            if (sender != null
                    && attempt("an approval", open, () -> ledger.contract()
                            .approveRecovery(sender, open.account(), number))) {
                await(pool.preparedQuery(
                                "update recovery_approval set carried = true where recovery = $1 and agency = $2")
                        .execute(Tuple.of(open.id(), agency)));
            }
        }
    }

    /** Whether it is done, now or before; what the contract refuses otherwise is told, and tried in a later turn. */
    private static boolean attempt(String what, Open open, Runnable call) {
        try {
            call.run();
            return true;
        } catch (ChainException.Reverted refused) {
            LOG.warnf("the contract refuses %s of account %s: %s", what, open.account(), refused.error());
            return refused.error().equals("ApprovedBefore");
        }
    }

    /** Takes over the contract's view. */
    private void follow(LedgerContract contract, Open open, @Nullable LedgerRecovery found) {
        LedgerAccount account = contract.account(open.account()).orElseThrow();
        String state = state(open, found, account);
        @Nullable Integer number = found == null ? open.number() : Integer.valueOf((int) found.number());
        int approvals = found == null ? 0 : found.approvals().bitCount();
        int needed = contract.council().approvalsNeeded();
        @Nullable Long readyAt = found == null || found.readyAt() == 0 ? null : Long.valueOf(found.readyAt());
        await(pool.withTransaction(connection -> connection
                .preparedQuery(FOLLOW)
                .execute(Tuple.of(open.id(), number, state, approvals, needed, readyAt))
                .chain(updated -> updated.rowCount() == 0
                        ? Uni.createFrom().voidItem()
                        : outbox.add(connection, toBeTold(open, number, state)))));
        if (state.equals("finished")) {
            keys.follow(contract, open.account());
        }
    }

    private static String state(Open open, @Nullable LedgerRecovery found, LedgerAccount account) {
        if (found == null) {
            boolean waits = open.number() == null && account.keyVersion() == open.keyVersion();
            return waits ? open.withdrawn() ? "withdrawn" : "proposed" : "overtaken";
        }
        return switch (found.state()) {
            case FINISHED -> "finished";
            case VETOED -> "vetoed";
            case WITHDRAWN -> "withdrawn";
            case NONE, PROPOSED, APPROVED -> {
                if (account.keyVersion() != open.keyVersion()) {
                    yield "overtaken";
                }
                yield found.state() == LedgerRecovery.State.APPROVED ? "approved" : "proposed";
            }
        };
    }

    /** What is new, in the order in which it came to be, also when this process looks only after all of it. */
    private static List<Event> toBeTold(Open open, @Nullable Integer number, String state) {
        List<Event> events = new ArrayList<>();
        if (open.number() == null && number != null) {
            events.add(told(open, "proposed"));
        }
        if (!state.equals(open.state())) {
            events.add(told(open, state));
        }
        return events;
    }

    private static Event told(Open open, String state) {
        String type =
                switch (state) {
                    case "proposed" -> "recovery.proposed";
                    case "approved" -> "recovery.approved";
                    case "finished" -> "recovery.finished";
                    case "vetoed" -> "recovery.vetoed";
                    case "withdrawn" -> "recovery.withdrawn";
                    case "overtaken" -> "recovery.overtaken";
                    default -> throw new IllegalStateException("no event tells of " + state);
                };
        return Event.now(
                type,
                open.account().hex(),
                new JsonObject()
                        .put("account", open.account().hex())
                        .put("recovery", open.id().toString()));
    }

    private List<Row> rows(String sql, Tuple arguments) {
        return StreamSupport.stream(
                        await(pool.preparedQuery(sql).execute(arguments)).spliterator(), false)
                .toList();
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(TIMEOUT);
    }
}
