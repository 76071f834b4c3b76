package city.madang.devstack.postgres;

import city.madang.devstack.process.Child;
import city.madang.devstack.process.Ports;
import city.madang.devstack.process.Secrets;
import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.Driver;

/** A running PostgreSQL with one database per owner, each with a role and a random password of its own. */
public final class PostgresServer implements AutoCloseable {

    /** Owners of the databases that the suite has. */
    public static final List<String> DATABASES = List.of("identity", "payment", "records", "keycloak");

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final int SESSION_SECONDS = 10;

    /**
     * What the chart asks of PostgreSQL, too, so that what is measured here is what is run: by itself it takes 128 MB, whatever there is.
     * Memory is taken as it is needed.
     */
    public static final Map<String, String> PARAMETERS = Map.of(
            "max_connections", "200",
            "shared_buffers", "1GB",
            "effective_cache_size", "3GB",
            "max_wal_size", "4GB",
            "checkpoint_timeout", "15min");

    private static final String PASSWORDS = "postgres.properties";

    private final Settings settings;
    private final Cluster cluster;
    private final Watchdog watchdog;
    private final int port;
    private final Properties passwords;
    private volatile Child child;

    private PostgresServer(
            Settings settings, Cluster cluster, Watchdog watchdog, Child child, int port, Properties passwords) {
        this.settings = settings;
        this.cluster = cluster;
        this.watchdog = watchdog;
        this.child = child;
        this.port = port;
        this.passwords = passwords;
    }

    /**
     * How to run it.
     *
     * @param data data folder of the cluster
     * @param keys folder for {@code postgres.properties}, the passwords
     * @param durable whether commits wait for the disk; false only for data that is thrown away
     */
    public record Settings(Path data, Path keys, Path log, boolean durable) {}

    /** Where one owner finds its database. */
    public record Database(String host, int port, String name, String user, String password) {

        public String jdbcUrl() {
            return "jdbc:postgresql://%s:%d/%s".formatted(host, port, name);
        }

        public String reactiveUrl() {
            return "postgresql://%s:%d/%s".formatted(host, port, name);
        }

        @Override
        public String toString() {
            return jdbcUrl();
        }
    }

    /** Starts the server; makes the cluster, the roles and the databases where they are missing. */
    public static PostgresServer start(Settings settings, Tools tools, Watchdog watchdog) {
        try {
            var cluster = new Cluster(tools.postgres(), settings.data().toAbsolutePath());
            var names = new ArrayList<>(DATABASES);
            names.add(Cluster.SUPERUSER);
            var passwords = Secrets.properties(settings.keys().resolve(PASSWORDS), names);
            if (cluster.exists()) {
                cluster.recover();
            } else {
                Files.createDirectories(settings.log().toAbsolutePath().getParent());
                cluster.create(passwords.getProperty(Cluster.SUPERUSER), settings.log());
            }
            var port = Ports.free();
            var child = Child.start(plan(settings, cluster, port), watchdog);
            var server = new PostgresServer(settings, cluster, watchdog, child, port, passwords);
            child.awaitReady(START_LIMIT, server::acceptsConnections);
            server.createDatabases();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The owner's database. */
    public Database database(String owner) {
        return new Database("127.0.0.1", port, owner, owner, passwords.getProperty(owner));
    }

    /** The owner's database of a server that was started elsewhere with the same folder of keys. */
    public static Database database(int port, Path keys, String owner) {
        try {
            var password =
                    Secrets.properties(keys.resolve(PASSWORDS), List.of(owner)).getProperty(owner);
            return new Database("127.0.0.1", port, owner, owner, password);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Child child() {
        return child;
    }

    /** SIGKILL to the server and all its sessions, as a power cut would end them; what had been committed stays. */
    public void kill() {
        var sessions = ProcessHandle.of(child.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        child.kill();
        sessions.forEach(ProcessHandle::destroyForcibly);
        // a session that lived on beside the next server would destroy the cluster
        sessions.forEach(session ->
                session.onExit().orTimeout(SESSION_SECONDS, TimeUnit.SECONDS).join());
    }

    /** Starts it again on its data and its port after {@link #kill}; returns when it takes connections. */
    public void restart() {
        try {
            cluster.recover();
            child = Child.start(plan(settings, cluster, port), watchdog);
            child.awaitReady(START_LIMIT, this::acceptsConnections);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        child.close();
    }

    private static Child.Plan plan(Settings settings, Cluster cluster, int port) {
        var command = new ArrayList<>(List.of(
                cluster.binaries().resolve("bin/postgres").toString(),
                "-D",
                cluster.data().toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=" + (settings.durable() ? "on" : "off"),
                "-c",
                "log_timezone=UTC",
                "-c",
                "timezone=UTC"));
        PARAMETERS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        // SIGINT is PostgreSQL's fast shutdown: it ends sessions and writes a checkpoint
        return new Child.Plan(
                "PostgreSQL",
                Cluster.asUnprivileged(command),
                Map.of(),
                cluster.data(),
                settings.log(),
                settings.durable() ? "INT" : "QUIT",
                STOP_LIMIT);
    }

    private boolean acceptsConnections() throws IOException {
        try (var ignored = connect()) {
            return true;
        } catch (SQLException notYet) {
            throw new IOException(notYet);
        }
    }

    private void createDatabases() {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (var owner : DATABASES) {
                // names are constants and passwords are generated hexadecimal text, so quoting cannot go wrong
                if (isMissing(connection, "select 1 from pg_roles where rolname = ?", owner)) {
                    statement.execute(
                            "create role %s login password '%s'".formatted(owner, passwords.getProperty(owner)));
                }
                if (isMissing(connection, "select 1 from pg_database where datname = ?", owner)) {
                    statement.execute("create database %s owner %s".formatted(owner, owner));
                    statement.execute("revoke connect on database %s from public".formatted(owner));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create the databases", e);
        }
    }

    private static boolean isMissing(Connection connection, String query, String name) throws SQLException {
        try (var prepared = connection.prepareStatement(query)) {
            prepared.setString(1, name);
            try (var rows = prepared.executeQuery()) {
                return !rows.next();
            }
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", Cluster.SUPERUSER);
        properties.setProperty("password", passwords.getProperty(Cluster.SUPERUSER));
        var connection = new Driver().connect("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port), properties);
        if (connection == null) {
            throw new SQLException("the driver refused its own URL");
        }
        return connection;
    }
}
