package city.madang.devstack.stack;

import city.madang.devstack.process.Await;
import city.madang.devstack.process.Child;
import city.madang.devstack.process.Watchdog;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One service of the suite as a process that is started again when it dies. */
public final class Service implements AutoCloseable {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** After this long without dying, a service is trusted again. */
    private static final Duration STEADY = Duration.ofMinutes(1);

    private final Child.Plan plan;
    private final URI address;
    private final URI health;
    private final Watchdog watchdog;
    private final Consumer<String> say;

    private @Nullable Child child;
    private boolean closing;
    private Duration pause = FIRST_PAUSE;
    /** How long it stays away the next time that it ends; null: the pause. */
    private @Nullable Duration away;

    private long startedAt;

    Service(Child.Plan plan, URI address, URI health, Watchdog watchdog, Consumer<String> say) {
        this.plan = plan;
        this.address = address;
        this.health = health;
        this.watchdog = watchdog;
        this.say = say;
    }

    public String name() {
        return plan.name();
    }

    /** Where the gateway reaches it, past the gateway. */
    public URI internal() {
        return address;
    }

    /** Where the machine itself reaches health and metrics; nothing of it is public. */
    public URI management() {
        return health.resolve("/");
    }

    /** Starts it and waits until it is ready. */
    void start() {
        launch();
        awaitReady();
    }

    /** Waits until the service, perhaps just started again, answers its readiness check. */
    public void awaitReady() {
        Await.until(
                name() + " to be ready",
                READY_LIMIT,
                () -> current().isAlive() && Await.answers(health),
                () -> "see " + plan.log());
    }

    /** Kills the process with SIGKILL, as a crash would; it is started again soon: it is not its fault. */
    public void kill() {
        synchronized (this) {
            pause = FIRST_PAUSE;
        }
        current().kill();
    }

    /** The same, but it is away for so long. */
    public void kill(Duration away) {
        synchronized (this) {
            this.away = away;
        }
        current().kill();
    }

    /** Process id at this moment. */
    public long pid() {
        return current().pid();
    }

    @Override
    public void close() {
        Child last;
        synchronized (this) {
            closing = true;
            last = child;
        }
        if (last != null) {
            last.close();
        }
    }

    private synchronized Child current() {
        if (child == null) {
            throw new IllegalStateException(name() + " was not started");
        }
        return child;
    }

    private synchronized void launch() {
        if (closing) {
            return;
        }
        startedAt = System.nanoTime();
        var started = Child.start(plan, watchdog);
        child = started;
        var unused = started.exit().thenAccept(this::ended);
    }

    private void ended(int code) {
        Duration wait;
        synchronized (this) {
            if (closing) {
                return;
            }
            var lived = Duration.ofNanos(System.nanoTime() - startedAt);
            pause = lived.compareTo(STEADY) > 0 ? FIRST_PAUSE : pause;
            wait = away == null ? pause : away;
            away = null;
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        say.accept("%s ended unexpectedly (code %d), starting it again in %.1f s; log: %s"
                .formatted(name(), code, wait.toMillis() / 1000.0, plan.log()));
        Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(wait);
                launch();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
