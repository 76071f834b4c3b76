package city.madang.journey;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads what the identity service keeps, as its own user, and changes nothing. */
final class IdentityDatabase {

    private IdentityDatabase() {}

    /** The first column of all rows, as text. */
    static List<String> column(String query, UUID... ids) {
        try (Connection connection = connect();
                var statement = connection.prepareStatement(query)) {
            for (int i = 0; i < ids.length; i++) {
                statement.setObject(i + 1, ids[i]);
            }
            List<String> column = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    column.add(rows.getString(1));
                }
            }
            return column;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    static List<String> column(String query, String id) {
        return column(query, UUID.fromString(id));
    }

    static List<String> tables() {
        return column("select table_name from information_schema.tables where table_schema = 'public'"
                + " and table_type = 'BASE TABLE' order by 1");
    }

    private static Connection connect() throws SQLException {
        var database = TestStack.get().database("identity");
        Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        connection.setReadOnly(true);
        return connection;
    }
}
