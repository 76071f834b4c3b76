package city.madang.bench.identity;

import city.madang.bench.load.ProcessCost;
import city.madang.bench.report.Measured;
import city.madang.devstack.postgres.PostgresServer;
import city.madang.kit.p256.P256;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import java.util.UUID;

/** What no issuer on this machine can do better than: its signatures, and one row that is on disk. */
final class Limits {

    private static final int SIGNATURES = 4000;
    private static final int ROW_BYTES = 1500;
    private static final double MILLION = 1e6;

    private final byte[] message = new byte[1000];
    private final PostgresServer.Database database;
    private final ProcessCost databaseCost;

    Limits(PostgresServer.Database database, ProcessCost databaseCost) {
        this.database = database;
        this.databaseCost = databaseCost;
        Arrays.fill(message, (byte) 'm');
    }

    /** One signature made and two verified, as a credential with one proof and a DPoP proof needs; in this JVM, one thread. */
    Measured signatures() {
        var pair = signingPair();
        var signature = P256.sign(pair.key().privateKey(), message);
        var cpu = ManagementFactory.getThreadMXBean();
        var began = System.nanoTime();
        var beganCpu = cpu.getCurrentThreadCpuTime();
        for (var i = 0; i < SIGNATURES; i++) {
            P256.sign(pair.key().privateKey(), message);
            for (var proof = 0; proof < 2; proof++) {
                if (!P256.verify(pair.publicKey(), message, signature)) {
                    throw new IllegalStateException("a signature does not verify");
                }
            }
        }
        var nanos = System.nanoTime() - began;
        var perSecond = SIGNATURES * 1e9 / nanos;
        return new Measured(0, perSecond, 0, 0, (cpu.getCurrentThreadCpuTime() - beganCpu) / MILLION / SIGNATURES, 0);
    }

    private record Pair(HolderKey key, ECPublicKey publicKey) {}

    /** A key in the form in which the services hold theirs. */
    private static Pair signingPair() {
        try {
            var key = HolderKey.fresh();
            var x = new java.math.BigInteger(1, java.util.Base64.getUrlDecoder().decode((String)
                    key.jwk().get("x")));
            var y = new java.math.BigInteger(1, java.util.Base64.getUrlDecoder().decode((String)
                    key.jwk().get("y")));
            var publicKey = (ECPublicKey) KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(P256.publicKey(x, y).getEncoded()));
            return new Pair(new HolderKey(P256.privateKey(key.privateKey().getEncoded()), key.jwk()), publicKey);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Rows about as large as an issuance, one after the other over one connection, each on disk before the next. */
    Measured rows(int count) {
        try (var connection = connect()) {
            try (var statement = connection.createStatement()) {
                statement.execute("create table if not exists bench_row (id text primary key, content bytea)");
            }
            var latencies = new long[count];
            var content = Arrays.copyOf(message, ROW_BYTES);
            var beganCpu = databaseCost.cpuNanos();
            var began = System.nanoTime();
            try (var insert = connection.prepareStatement("insert into bench_row (id, content) values (?, ?)")) {
                for (var i = 0; i < count; i++) {
                    var sent = System.nanoTime();
                    insert.setString(
                            1,
                            new String(
                                    UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII),
                                    StandardCharsets.US_ASCII));
                    insert.setBytes(2, content);
                    insert.executeUpdate();
                    latencies[i] = System.nanoTime() - sent;
                }
            }
            var nanos = System.nanoTime() - began;
            var cpu = databaseCost.cpuNanos() - beganCpu;
            Arrays.sort(latencies);
            var perSecond = count * 1e9 / nanos;
            return new Measured(
                    perSecond,
                    perSecond,
                    latencies[count / 2] / MILLION,
                    latencies[count * 99 / 100] / MILLION,
                    0,
                    cpu / MILLION / count);
        } catch (SQLException failed) {
            throw new IllegalStateException("PostgreSQL does not take rows: " + failed.getMessage(), failed);
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        var connection = new org.postgresql.Driver().connect(database.jdbcUrl(), properties);
        if (connection == null) {
            throw new SQLException("the driver refused its own URL");
        }
        return connection;
    }
}
