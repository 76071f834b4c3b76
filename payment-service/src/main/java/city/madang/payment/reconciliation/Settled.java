package city.madang.payment.reconciliation;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerContract.NonceWord;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the books say the contract must have used up: nonces, cancelled ones among them, and bills. Blocking. */
@ApplicationScoped
class Settled {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Batches may be recorded in another order than they are numbered: this many before the last look are looked at again. */
    private static final long OVERLAP = 100;

    private static final String FIRST_OPEN =
            """
            select coalesce((select min(id) from settlement_batch where state = 'recorded'),
                            (select max(id) + 1 from settlement_batch), 0)
            """;

    /** The last hexadecimal digits of a nonce: its bit; what stands before them is its word. */
    private static final int BIT_DIGITS = 2;

    private static final int RADIX = 16;

    private static final String WORDS =
            """
            select touched.payer, touched.word, array_agg(right(n.nonce, 2))
              from (select distinct t.payer, left(t.nonce, 64) as word
                      from transfer t where t.batch >= $1 and t.state = 'settled') touched
             cross join lateral (
                    select nonce from transfer s
                     where s.payer = touched.payer and s.nonce between touched.word || '00' and touched.word || 'ff'
                       and s.state = 'settled'
                    union all
                    select nonce from cancelled_nonce c
                     where c.payer = touched.payer and c.nonce between touched.word || '00' and touched.word || 'ff'
                       and c.state = 'done') n
             group by 1, 2
            """;
    private static final String BILLS =
            """
            select bill_hash, id from transfer where batch >= $1 and state = 'settled' and bill_hash <> $2
            """;
    private static final String UNPAID =
            """
            select b.hash from bill b
             where not exists (select from transfer t where t.bill = b.id and t.state = 'settled' and not t.instalment)
            """;

    private final Pool pool;

    Settled(Pool pool) {
        this.pool = pool;
    }

    /** Number of the first batch that has not ended, less the overlap: from where the next look begins. */
    long watermark() {
        return Math.max(0, rows(FIRST_OPEN, Tuple.tuple()).iterator().next().getLong(0) - OVERLAP);
    }

    /** The bits of every word of nonces of which something settled in a batch or a later one. */
    Map<NonceWord, BigInteger> words(long from) {
        Map<NonceWord, BigInteger> words = new LinkedHashMap<>();
        for (Row row : rows(WORDS, Tuple.of(from))) {
            BigInteger bits = BigInteger.ZERO;
            for (String bit : row.getArrayOfStrings(2)) {
                bits = bits.setBit(Integer.parseInt(bit, RADIX));
            }
            words.put(
                    new NonceWord(
                            new Bytes32(row.getString(0)),
                            new BigInteger(row.getString(1).substring(BIT_DIGITS), RADIX)),
                    bits);
        }
        return words;
    }

    /** By hash, which authorisation paid each bill (or counts for a reference) that was settled in a batch or a later one. */
    Map<Bytes32, Bytes32> bills(long from) {
        Map<Bytes32, Bytes32> bills = new LinkedHashMap<>();
        rows(BILLS, Tuple.of(from, Bytes32.ZERO.hex()))
                .forEach(row -> bills.put(new Bytes32(row.getString(0)), new Bytes32(row.getString(1))));
        return bills;
    }

    /** Bills that nothing has paid whole, by hash; the value is zero. */
    Map<Bytes32, Bytes32> unpaid() {
        Map<Bytes32, Bytes32> bills = new LinkedHashMap<>();
        rows(UNPAID, Tuple.tuple()).forEach(row -> bills.put(new Bytes32(row.getString(0)), Bytes32.ZERO));
        return bills;
    }

    private RowSet<Row> rows(String sql, Tuple arguments) {
        return pool.preparedQuery(sql).execute(arguments).await().atMost(TIMEOUT);
    }
}
