package city.madang.bench.payments;

import city.madang.bench.load.ProcessCost;
import city.madang.bench.report.Measured;
import city.madang.devstack.postgres.PostgresServer;
import city.madang.kit.p256.P256;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What no service on these cores can do better than: the SQL of a transfer written by hand for a plain driver in batches of 500,
 * and the verification of its signature. The SQL does what acceptance must: locks and funds check, each nonce once, the
 * transfer, its postings, balances, an outbox row, durable commits; in the leanest tables that hold it.
 */
final class Limits {

    private static final int BATCH = 500;
    private static final int ACCOUNTS = 2000;
    private static final int THREADS = 4;
    private static final double MILLION = 1e6;

    private static final String TABLES =
            """
            drop schema if exists bench_limit cascade;
            create schema bench_limit;
            -- vacuumed they would be while something else is measured
            create table bench_limit.account (id bytea primary key, available bigint not null check (available >= 0),
                held bigint not null default 0) with (autovacuum_enabled = off);
            create table bench_limit.transfer (id bytea primary key, payer bytea not null, payee bytea not null,
                amount bigint not null check (amount > 0), nonce bigint not null, signature bytea not null,
                accepted timestamptz not null default now(), unique (payer, nonce))
                with (autovacuum_enabled = off);
            create table bench_limit.posting (transfer bytea not null, account bytea not null, bucket "char" not null,
                amount bigint not null, primary key (transfer, account, bucket)) with (autovacuum_enabled = off);
            create table bench_limit.outbox (position bigint generated always as identity primary key, data text not null)
                with (autovacuum_enabled = off);
            """;
    private static final String LOCK =
            "select id from bench_limit.account where id = any(?) order by id for no key update";
    private static final String ACCEPT =
            """
            with i as (select u.*, sum(u.amount) over (partition by u.payer order by u.place) as spent
                         from unnest(?::bytea[], ?::bytea[], ?::bytea[], ?::bigint[], ?::bigint[], ?::bytea[])
                              with ordinality u (id, payer, payee, amount, nonce, signature, place)),
                 t as (insert into bench_limit.transfer (id, payer, payee, amount, nonce, signature)
                       select i.id, i.payer, i.payee, i.amount, i.nonce, i.signature
                         from i join bench_limit.account a on a.id = i.payer and a.available >= i.spent
                         join bench_limit.account b on b.id = i.payee
                       on conflict do nothing returning id, payer, amount),
                 p as (insert into bench_limit.posting
                       select id, payer, 'a'::"char", -amount from t union all select id, payer, 'h', amount from t),
                 o as (insert into bench_limit.outbox (data)
                       select '{"authorisation":"0x' || encode(id, 'hex') || '","amount":' || amount || '}' from t)
            update bench_limit.account a set available = a.available - s.amount, held = a.held + s.amount
              from (select payer, sum(amount)::bigint as amount from t group by payer) s where a.id = s.payer
            """;

    private final PostgresServer.Database database;
    private final ProcessCost databaseCost;
    private final SecureRandom random = new SecureRandom();
    private final List<byte[]> accounts = new ArrayList<>();
    private final Purse purse = Purse.fresh();
    private final byte[] message = new byte[66];
    private long nonce;

    Limits(PostgresServer.Database database, ProcessCost databaseCost) throws SQLException {
        this.database = database;
        this.databaseCost = databaseCost;
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(TABLES);
            for (var i = 0; i < ACCOUNTS; i++) {
                accounts.add(bytes(32));
            }
            try (var insert = connection.prepareStatement(
                    "insert into bench_limit.account (id, available) select unnest(?::bytea[]), 1000000000000")) {
                insert.setArray(1, connection.createArrayOf("bytea", accounts.toArray(byte[][]::new)));
                insert.executeUpdate();
            }
            statement.execute("analyze bench_limit.account");
        }
    }

    /** Verifications alone, a thread on each core. */
    Measured verification(int count) {
        return measure(count, true, false);
    }

    /** The SQL alone. */
    Measured sql(int count) {
        return measure(count, false, true);
    }

    /** Both, each batch verified and then written. */
    Measured combined(int count) {
        return measure(count, true, true);
    }

    private record Rows(
            byte[][] ids, byte[][] payers, byte[][] payees, Long[] amounts, Long[] nonces, byte[][] signed) {}

    private Measured measure(int count, boolean verifies, boolean writes) {
        var batches = new ArrayList<Rows>();
        for (var i = 0; i < count; i += BATCH) {
            batches.add(rows());
        }
        var signature = P256.sign(purse.key(), message);
        var publicKey = P256.publicKey(purse.x().unsigned(), purse.y().unsigned());
        var cpu = databaseCost.cpuNanos();
        var began = System.nanoTime();
        try (var executor = Executors.newFixedThreadPool(THREADS)) {
            var workers = new ArrayList<Future<@Nullable Void>>();
            for (var worker = 0; worker < THREADS; worker++) {
                var first = worker;
                workers.add(executor.submit((Callable<@Nullable Void>) () -> {
                    try (var connection = connect()) {
                        connection.setAutoCommit(false);
                        for (var i = first; i < batches.size(); i += THREADS) {
                            for (var item = 0; verifies && item < BATCH; item++) {
                                if (!P256.verify(publicKey, message, signature)) {
                                    throw new IllegalStateException("a signature does not verify");
                                }
                            }
                            if (writes) {
                                write(connection, batches.get(i));
                            }
                        }
                    }
                    return null;
                }));
            }
            for (var worker : workers) {
                worker.get();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(String.valueOf(failed.getCause()), failed);
        }
        var seconds = (System.nanoTime() - began) / 1e9;
        var made = (double) batches.size() * BATCH;
        return new Measured(0, made / seconds, 0, 0, 0, (databaseCost.cpuNanos() - cpu) / MILLION / made);
    }

    private static void write(Connection connection, Rows rows) throws SQLException {
        try (var lock = connection.prepareStatement(LOCK);
                var accept = connection.prepareStatement(ACCEPT)) {
            lock.setArray(1, connection.createArrayOf("bytea", rows.payers()));
            lock.executeQuery().close();
            accept.setArray(1, connection.createArrayOf("bytea", rows.ids()));
            accept.setArray(2, connection.createArrayOf("bytea", rows.payers()));
            accept.setArray(3, connection.createArrayOf("bytea", rows.payees()));
            accept.setArray(4, connection.createArrayOf("bigint", rows.amounts()));
            accept.setArray(5, connection.createArrayOf("bigint", rows.nonces()));
            accept.setArray(6, connection.createArrayOf("bytea", rows.signed()));
            if (accept.executeUpdate() == 0) {
                throw new IllegalStateException("nothing was written");
            }
            connection.commit();
        }
    }

    private Rows rows() {
        var rows = new Rows(
                new byte[BATCH][],
                new byte[BATCH][],
                new byte[BATCH][],
                new Long[BATCH],
                new Long[BATCH],
                new byte[BATCH][]);
        for (var i = 0; i < BATCH; i++) {
            rows.ids()[i] = bytes(32);
            rows.payers()[i] = accounts.get(random.nextInt(ACCOUNTS));
            rows.payees()[i] = accounts.get(random.nextInt(ACCOUNTS));
            rows.amounts()[i] = 1L;
            rows.nonces()[i] = nonce++;
            rows.signed()[i] = bytes(64);
        }
        return rows;
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private Connection connect() throws SQLException {
        return Database.connect(database);
    }

    /** Connections as the payment service's role. */
    static final class Database {

        private Database() {}

        static Connection connect(PostgresServer.Database database) throws SQLException {
            var properties = new Properties();
            properties.setProperty("user", database.user());
            properties.setProperty("password", database.password());
            properties.setProperty("ApplicationName", "bench");
            var connection = new org.postgresql.Driver().connect(database.jdbcUrl(), properties);
            if (connection == null) {
                throw new SQLException("the driver refused its own URL");
            }
            return connection;
        }
    }
}
