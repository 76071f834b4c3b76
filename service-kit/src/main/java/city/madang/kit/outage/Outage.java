package city.madang.kit.outage;

import io.netty.channel.unix.Errors.NativeIoException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a failure of the surroundings (the database is gone) from a failure of the work itself. A missing file or malformed
 * JSON is the work's own failure, although Java calls both an {@code IOException}.
 */
public final class Outage {

    private Outage() {}

    /** Whether it is the surroundings that failed; the work may well succeed later. */
    public static boolean isOne(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException
                    // what epoll says where the JDK's sockets throw a SocketException
                    || cause instanceof NativeIoException
                    || cause instanceof SocketTimeoutException
                    || cause instanceof UnknownHostException
                    || cause instanceof ClosedChannelException
                    || cause instanceof ClosedConnectionException
                    || isClosedBefore(cause)
                    || cause instanceof TimeoutException) {
                return true;
            }
            if (cause instanceof PgException refused && isConnectionTrouble(refused.getSqlState())) {
                return true;
            }
        }
        return false;
    }

    /** What the client says, without a type of its own, of a statement for a connection that has closed. */
    private static boolean isClosedBefore(Throwable cause) {
        return cause.getMessage() != null && cause.getMessage().startsWith("Connection is not active now");
    }

    /** SQLSTATE classes 08 (connection), 40 (serialisation, deadlock), 53 (resources), 57P (shutdown, starting up). */
    private static boolean isConnectionTrouble(@Nullable String state) {
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("40")
                        || state.startsWith("53")
                        || state.startsWith("57P"));
    }
}
