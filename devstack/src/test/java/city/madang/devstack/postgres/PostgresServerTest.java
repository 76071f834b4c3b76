package city.madang.devstack.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {

    @TempDir
    Path folder;

    private final Watchdog watchdog = new Watchdog();

    @Test
    void committed_data_survives_kill_and_restart() throws Exception {
        try (var server = start();
                var connection = connect(server.database("payment"), "payment")) {
            connection.createStatement().execute("create table kept (amount bigint)");
            connection.createStatement().execute("insert into kept values (12000)");
            server.child().kill();
        }
        assertTrue(Files.exists(folder.resolve("data/postmaster.pid")), "the crash must have left its mark");

        try (var server = start();
                var connection = connect(server.database("payment"), "payment");
                var rows = connection.createStatement().executeQuery("select amount from kept")) {
            assertTrue(rows.next());
            assertEquals(12000, rows.getLong(1));
        }
    }

    @Test
    void a_role_opens_its_own_database_only() throws Exception {
        try (var server = start()) {
            try (var own = connect(server.database("identity"), "identity")) {
                assertTrue(own.isValid(5));
            }
            var refused = assertThrows(SQLException.class, () -> connect(server.database("identity"), "payment")
                    .close());
            assertEquals("42501", refused.getSQLState());
        }
        var passwords = Files.getPosixFilePermissions(folder.resolve("keys/postgres.properties"));
        assertEquals("rw-------", PosixFilePermissions.toString(passwords));
    }

    private PostgresServer start() {
        var settings = new PostgresServer.Settings(
                folder.resolve("data"), folder.resolve("keys"), folder.resolve("postgres.log"), true);
        return PostgresServer.start(settings, Tools.ofProject(), watchdog);
    }

    private static Connection connect(PostgresServer.Database owner, String name) throws SQLException {
        var url = "jdbc:postgresql://127.0.0.1:%d/%s".formatted(owner.port(), name);
        return DriverManager.getConnection(url, owner.user(), owner.password());
    }
}
