package city.madang.bench.payments;

import city.madang.bench.load.Connection;
import city.madang.bench.load.Exchange;
import city.madang.bench.load.Load;
import city.madang.contracts.Bytes32;
import city.madang.devstack.process.Await;
import city.madang.devstack.stack.PaymentStack;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A city in which one citizen owns many funded accounts, open on the chain. */
final class PaymentCity {

    static final String SINGLE = "/payment/authorisations";
    static final String BULK = "/payment/authorisations/bulk";

    static final String OWNER = "5b1c2f6e-64a4-4a0e-8f4e-0a5a5a1f7c10";
    private static final String NDJSON = "application/x-ndjson";
    private static final int BULK_LINES = 500;
    private static final long EACH_WON = 5_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final PaymentStack stack;
    private final java.sql.Connection database;
    private final List<Purse> purses = new ArrayList<>();
    private final Map<String, String> headers;
    private final Random random = new Random(1);
    private final Bytes32 separator;

    PaymentCity(PaymentStack stack, int accounts) throws IOException, SQLException {
        this.stack = stack;
        this.database = Limits.Database.connect(stack.database());
        this.headers = Map.of("Authorization", "Bearer " + stack.tokens().citizen(OWNER));
        try (var connection = Connection.open(port(), null)) {
            this.separator = new Bytes32(connection
                    .exchange(Exchange.get("/payment/ledger", Map.of()))
                    .orFail("the ledger")
                    .json()
                    .path("domain_separator")
                    .asText());
            open(accounts);
            fund(connection);
        }
    }

    int port() {
        return stack.service().getPort();
    }

    /** Puts accounts into the database, whose owner may have only fifty by the API, and waits until the chain knows them. */
    private void open(int count) throws SQLException {
        for (var i = 0; i < count; i++) {
            purses.add(Purse.fresh());
        }
        try (var insert = database.prepareStatement(
                "insert into account (id, owner_kind, owner, x, y, key_version, state) select u.id, 'citizen', ?, u.x, u.y,"
                        + " 1, 'opening' from unnest(?::text[], ?::text[], ?::text[]) u (id, x, y)")) {
            insert.setString(1, OWNER);
            insert.setArray(
                    2, texts(purses.stream().map(purse -> purse.account().hex())));
            insert.setArray(3, texts(purses.stream().map(purse -> purse.x().hex())));
            insert.setArray(4, texts(purses.stream().map(purse -> purse.y().hex())));
            insert.executeUpdate();
        }
        await("accounts to open", "select count(*) from account where state = 'opening'");
    }

    private java.sql.Array texts(java.util.stream.Stream<String> values) throws SQLException {
        return database.createArrayOf("text", values.toArray());
    }

    private void fund(Connection connection) throws IOException, SQLException {
        var tokens = stack.tokens();
        var total = EACH_WON * purses.size();
        post(
                connection,
                tokens.auditor(),
                "/payment/treasury/reserve",
                "{\"amount\": %d, \"evidence_sha256\": \"0x%s\"}".formatted(total, "ab".repeat(32)));
        var mint = post(
                        connection,
                        tokens.officer("treasurer-a", "treasury", "treasurer"),
                        "/payment/treasury/mints",
                        "{\"to\": \"%s\", \"amount\": %d}"
                                .formatted(purses.getFirst().account(), total))
                .path("id")
                .asText();
        post(
                connection,
                tokens.officer("treasurer-b", "treasury", "treasurer"),
                "/payment/treasury/mints/" + mint + "/approval",
                "{}");
        await("the mint", "select count(*) from mint where state <> 'settled'");
        var lines = purses.subList(1, purses.size()).stream()
                .map(purse -> purses.getFirst()
                        .pay(purse.account(), EACH_WON, separator)
                        .json())
                .toList();
        for (var bulk : bulk(lines, BULK_LINES)) {
            allAccepted(connection, bulk);
        }
        drained();
    }

    private com.fasterxml.jackson.databind.JsonNode post(Connection connection, String token, String path, String body)
            throws IOException {
        return connection
                .exchange(Exchange.post(path, "application/json", body, Map.of("Authorization", "Bearer " + token)))
                .orFail(path)
                .json();
    }

    List<Purse> purses() {
        return purses;
    }

    Bytes32 separator() {
        return separator;
    }

    /** How payers and payees are drawn. */
    enum Shape {
        /** Any pays any. */
        UNIFORM,
        /** A fifth of the accounts pays, and is paid, four fifths of the time. */
        EIGHTY_TWENTY,
        /** All pay one. */
        HOT_PAYEE
    }

    /** Signed payments, a line each, made beforehand so that signing costs the measured time nothing. */
    List<String> payments(int count, Shape shape) {
        var pairs = IntStream.range(0, count)
                .mapToObj(i -> {
                    var payer = draw(shape);
                    var payee = shape == Shape.HOT_PAYEE ? 0 : draw(shape);
                    while (payee == payer) {
                        payer = draw(shape);
                    }
                    return new int[] {payer, payee};
                })
                .toList();
        return pairs.parallelStream()
                .map(pair -> purses.get(pair[0])
                        .pay(purses.get(pair[1]).account(), 1, separator)
                        .json())
                .toList();
    }

    private int draw(Shape shape) {
        var all = purses.size();
        return shape == Shape.EIGHTY_TWENTY && random.nextInt(5) < 4 ? random.nextInt(all / 5) : random.nextInt(all);
    }

    List<byte[]> singles(List<String> payments) {
        return payments.stream()
                .map(line -> Exchange.post(SINGLE, "application/json", line, headers))
                .toList();
    }

    List<byte[]> bulk(List<String> payments, int lines) {
        var requests = new ArrayList<byte[]>();
        for (var i = 0; i < payments.size(); i += lines) {
            var some = payments.subList(i, Math.min(payments.size(), i + lines));
            requests.add(Exchange.post(BULK, NDJSON, String.join("\n", some), headers));
        }
        return requests;
    }

    /** Sends a bulk request; nanoseconds until its answer, in which every line must be accepted. */
    static long allAccepted(Connection connection, byte[] request) throws IOException {
        var sent = System.nanoTime();
        var answer = connection.exchange(request).orFail("a bulk request");
        var nanos = System.nanoTime() - sent;
        var refused = answer.text()
                .lines()
                .filter(line -> !line.contains("\"status\":201"))
                .findFirst();
        if (refused.isPresent()) {
            throw new IllegalStateException("a line of a bulk request was refused: " + refused.get());
        }
        return nanos;
    }

    Load load(int connections) {
        return new Load(port(), null, connections);
    }

    /** Waits until all that was accepted has settled; it asks for the first that waits, along the index. */
    void drained() throws SQLException {
        await(
                "payments to settle",
                "select count(*) from (select from transfer where state = 'accepted' order by attempts, position limit 1) one");
    }

    /** Number of the last payment that was accepted. */
    long position() throws SQLException {
        return number("select coalesce(max(position), 0) from transfer");
    }

    long walBytes() throws SQLException {
        return number("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
    }

    /** Payments that settled a second, from the first to the last that came after a position. */
    double settledPerSecond(long after) throws SQLException {
        return number(
                        "select (1000 * count(*) / extract(epoch from max(finished) - min(finished)))::bigint from transfer"
                                + " where position > " + after)
                / 1000.0;
    }

    /** Share of the payments after a position that were final within so many milliseconds. */
    double lagMillis(long after, double share) throws SQLException {
        return number("select (1000 * percentile_cont(" + share + ") within group (order by 1000 * extract(epoch from"
                        + " finished - accepted)))::bigint from transfer where position > " + after)
                / 1000.0;
    }

    /** Gas of each payment, in the full batches among those that came after a position, up to another. */
    double gasEach(long after, long upTo, int batch) throws SQLException, IOException, InterruptedException {
        var gas = new ArrayList<Double>();
        try (var statement = database.createStatement();
                var rows = statement.executeQuery("select transaction_hash from transfer where position > " + after
                        + " and position <= " + upTo + " group by 1 having count(*) = " + batch + " limit 20")) {
            while (rows.next()) {
                var receipt = stack.chain().call("eth_getTransactionReceipt", rows.getString(1));
                gas.add(Long.decode(receipt.path("gasUsed").asText()) / (double) batch);
            }
        }
        Collections.sort(gas);
        return gas.isEmpty() ? 0 : gas.get(gas.size() / 2);
    }

    private void await(String what, String nothingLeft) {
        Await.until(
                what,
                PATIENCE,
                () -> {
                    try {
                        return number(nothingLeft) == 0;
                    } catch (SQLException failed) {
                        throw new IOException(failed);
                    }
                },
                () -> "");
    }

    private long number(String sql) throws SQLException {
        try (var statement = database.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
