package city.madang.payment.reconciliation;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerReader.NonceWord;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the books of a moment say the contract must have used up: nonces, cancelled ones among them, and bills. Told some hundred at a time,
 * since those of all times are as many as there were payments. Blocking.
 */
final class Settled {

    /** Batches may be recorded in another order than they are numbered: this many before the last look are looked at again. */
    private static final long OVERLAP = 100;

    private static final String FIRST_OPEN =
            """
            select coalesce((select min(id) from settlement_batch where state = 'recorded'),
                            (select max(id) + 1 from settlement_batch), 0)
            """;

    /** The length of a nonce without its last hexadecimal digits, which are its bit: its word. */
    private static final int WORD_LENGTH = 64;

    private static final int PREFIX = 2;
    private static final int RADIX = 16;

    /** The nonces of each word of which something settled in a batch or a later one, a word's together. */
    private static final String NONCES_SINCE =
            """
            select touched.payer, n.nonce
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
             order by 1, 2
            """;
    /** Along the indexes that keep a nonce from being used twice: nothing is sorted, however many there are. */
    private static final String NONCES =
            """
            select payer, nonce from (
                select payer, nonce from transfer where state = 'settled'
                union all
                select payer, nonce from cancelled_nonce where state = 'done') n
             order by payer, nonce
            """;

    private static final String BILLS_SINCE =
            """
            select bill_hash, id from transfer where batch >= $1 and state = 'settled' and bill_hash <> $2
            """;
    private static final String UNPAID =
            """
            select b.hash, $1 from bill b
             where not exists (select from transfer t where t.bill = b.id and t.state = 'settled' and not t.instalment)
            """;

    private final Moment moment;
    private final int page;

    Settled(Moment moment, int page) {
        this.moment = moment;
        this.page = page;
    }

    /** Number of the first batch that has not ended, less the overlap: from where the next look begins. */
    long watermark() {
        return Math.max(
                0, moment.rows(FIRST_OPEN, Tuple.tuple()).iterator().next().getLong(0) - OVERLAP);
    }

    /** The bits of every word of nonces of which something settled in a batch or a later one; 0: of all times. */
    void words(long from, Consumer<Map<NonceWord, BigInteger>> some) {
        Words words = new Words(some);
        moment.pages(
                from == 0 ? NONCES : NONCES_SINCE,
                from == 0 ? Tuple.tuple() : Tuple.of(from),
                page,
                rows -> rows.forEach(words::add));
        words.end();
    }

    /** By hash, which authorisation paid each bill (or counts for a reference) that was settled in a batch or a later one. */
    void bills(long from, Consumer<Map<Bytes32, Bytes32>> some) {
        moment.pages(BILLS_SINCE, Tuple.of(from, Bytes32.ZERO.hex()), page, rows -> some.accept(bills(rows)));
    }

    /** Bills that nothing has paid whole, by hash; the value is zero. */
    void unpaid(Consumer<Map<Bytes32, Bytes32>> some) {
        moment.pages(UNPAID, Tuple.of(Bytes32.ZERO.hex()), page, rows -> some.accept(bills(rows)));
    }

    private static Map<Bytes32, Bytes32> bills(List<Row> rows) {
        Map<Bytes32, Bytes32> bills = new LinkedHashMap<>();
        rows.forEach(row -> bills.put(new Bytes32(row.getString(0)), new Bytes32(row.getString(1))));
        return bills;
    }

    /** Puts nonces together to words; those of one word come one after the other. */
    private final class Words {

        private final Consumer<Map<NonceWord, BigInteger>> some;
        private Map<NonceWord, BigInteger> whole = new LinkedHashMap<>();
        private @Nullable String payer;
        private String word = "";
        private BigInteger bits = BigInteger.ZERO;

        Words(Consumer<Map<NonceWord, BigInteger>> some) {
            this.some = some;
        }

        void add(Row row) {
            String of = row.getString(0);
            String nonce = row.getString(1);
            if (!of.equals(payer) || !nonce.startsWith(word)) {
                finish();
                payer = of;
                word = nonce.substring(0, WORD_LENGTH);
            }
            bits = bits.setBit(Integer.parseInt(nonce.substring(WORD_LENGTH), RADIX));
        }

        private void finish() {
            if (payer != null) {
                whole.put(new NonceWord(new Bytes32(payer), new BigInteger(word.substring(PREFIX), RADIX)), bits);
                payer = null;
                bits = BigInteger.ZERO;
            }
            if (whole.size() == page) {
                tell();
            }
        }

        private void tell() {
            if (!whole.isEmpty()) {
                some.accept(whole);
                whole = new LinkedHashMap<>();
            }
        }

        /** To be called after the last. */
        void end() {
            finish();
            tell();
        }
    }
}
