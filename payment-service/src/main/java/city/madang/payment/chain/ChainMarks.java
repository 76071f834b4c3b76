package city.madang.payment.chain;

import city.madang.contracts.Chain;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Blocks in which something was booked for good, by number and hash: as long as they are there, what was booked is there. Blocking,
 * where no Uni is returned.
 */
@ApplicationScoped
public class ChainMarks {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Marks that are kept: how far back it can be told where a chain was cut. */
    private static final int KEPT = 10_000;

    private final Pool pool;

    ChainMarks(Pool pool) {
        this.pool = pool;
    }

    /**
     * A block.
     *
     * @param number from the chain's first block, 0
     * @param hash {@code 0x}-hex
     */
    public record Mark(long number, String hash) {

        /** Whether the chain still has this very block. */
        public boolean standsOn(Chain chain) {
            return chain.blockHash(number).equals(Optional.of(hash));
        }
    }

    /** Notes a block within the transaction that books what is in it. */
    public static Uni<Void> note(SqlClient connection, long number, String hash) {
        return connection
                .preparedQuery("insert into chain_mark (number, hash) values ($1, $2) on conflict (number) do update"
                        + " set hash = excluded.hash, noted = now()")
                .execute(Tuple.of(number, hash))
                .replaceWithVoid();
    }

    /** Notes the block up to which database and contract were found to agree, and forgets the oldest marks. */
    public void agree(long number, String hash) {
        note(pool, number, hash)
                .chain(() -> pool.preparedQuery("delete from chain_mark where number < (select number from chain_mark"
                                + " order by number desc offset $1 limit 1)")
                        .execute(Tuple.of(KEPT)))
                .await()
                .atMost(TIMEOUT);
    }

    /** The highest, empty before anything was booked. */
    public Optional<Mark> latest() {
        return marks(1).stream().findFirst();
    }

    /** Number of the highest block that is marked and still there; −1 when none is. Below one that stands all stand. */
    public long kept(Chain chain) {
        List<Mark> marks = marks(KEPT);
        int gone = 0;
        int stands = marks.size();
        while (gone < stands) {
            int middle = (gone + stands) / 2;
            if (marks.get(middle).standsOn(chain)) {
                stands = middle;
            } else {
                gone = middle + 1;
            }
        }
        return stands == marks.size() ? -1 : marks.get(stands).number();
    }

    /** Forgets the marks of blocks that are gone, when what they held is elsewhere. */
    public void forgetAbove(long number) {
        pool.preparedQuery("delete from chain_mark where number > $1")
                .execute(Tuple.of(number))
                .await()
                .atMost(TIMEOUT);
    }

    private List<Mark> marks(int most) {
        List<Mark> marks = new ArrayList<>();
        pool.preparedQuery("select number, hash from chain_mark order by number desc limit $1")
                .execute(Tuple.of(most))
                .await()
                .atMost(TIMEOUT)
                .forEach(row -> marks.add(new Mark(row.getLong(0), row.getString(1))));
        return marks;
    }
}
