package city.madang.bench.servers;

import city.madang.devstack.process.Watchdog;
import java.util.ArrayDeque;
import java.util.Deque;

/** What runs for a benchmark: stopped in the reverse order of its start, or by the watchdog when this JVM is gone. */
public final class Running implements AutoCloseable {

    private final Watchdog watchdog = new Watchdog();
    private final Deque<AutoCloseable> servers = new ArrayDeque<>();

    public Watchdog watchdog() {
        return watchdog;
    }

    public synchronized <T extends AutoCloseable> T keep(T server) {
        servers.push(server);
        return server;
    }

    @Override
    public synchronized void close() {
        while (!servers.isEmpty()) {
            try {
                servers.pop().close();
            } catch (Exception notInOrder) {
                System.err.println("could not stop a server in order: " + notInOrder.getMessage());
            }
        }
        watchdog.dismiss();
    }
}
