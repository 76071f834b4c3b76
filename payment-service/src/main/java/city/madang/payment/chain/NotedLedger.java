package city.madang.payment.chain;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** The ledger that this service's database belongs to, noted once. Blocking; call it on a worker thread. */
@ApplicationScoped
class NotedLedger {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Pool pool;

    NotedLedger(Pool pool) {
        this.pool = pool;
    }

    record Note(long chainId, String genesisHash, String address, String domainSeparator) {}

    Optional<Note> find() {
        var rows = pool.query("select chain_id, genesis_hash, address, domain_separator from chain_ledger")
                .execute()
                .await()
                .atMost(TIMEOUT);
        if (rows.size() == 0) {
            return Optional.empty();
        }
        var row = rows.iterator().next();
        return Optional.of(new Note(row.getLong(0), row.getString(1), row.getString(2), row.getString(3)));
    }

    /** Notes it, unless another process was first; {@link #find} tells whose it is. */
    void note(Note note) {
        pool.preparedQuery("insert into chain_ledger (chain_id, genesis_hash, address, domain_separator)"
                        + " values ($1, $2, $3, $4) on conflict do nothing")
                .execute(Tuple.of(note.chainId(), note.genesisHash(), note.address(), note.domainSeparator()))
                .await()
                .atMost(TIMEOUT);
    }
}
