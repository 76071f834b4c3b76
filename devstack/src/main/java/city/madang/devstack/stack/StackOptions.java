package city.madang.devstack.stack;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How to run a stack.
 *
 * @param state state folder, {@code .madang} for a developer, a temporary folder for tests
 * @param port port of the public origin; empty for that of the last start, or 8443 when it is free, or another free one
 * @param fresh whether all data of earlier runs is removed first
 * @param progress gets a line for each step
 * @param upstreams by the name of a service, where the gateway finds it instead of where it listens: a proxy of a test
 * @param settings by the name of a service, properties beside those that a stack gives it
 */
public record StackOptions(
        Path state,
        OptionalInt port,
        boolean fresh,
        Consumer<String> progress,
        Map<String, URI> upstreams,
        Map<String, Map<String, String>> settings) {

    public StackOptions(Path state, OptionalInt port, boolean fresh, Consumer<String> progress) {
        this(state, port, fresh, progress, Map.of(), Map.of());
    }

    /** A stack with its own state, next to whatever else runs: any free port, nothing printed. */
    public static StackOptions isolated(Path state) {
        return new StackOptions(state, OptionalInt.of(city.madang.devstack.process.Ports.free()), false, line -> {});
    }

    /** The same with the lines going elsewhere. */
    public StackOptions reportingTo(Consumer<String> progress) {
        return new StackOptions(state, port, fresh, progress, upstreams, settings);
    }

    /** The same with the gateway finding services elsewhere. */
    public StackOptions reachingServicesAt(Map<String, URI> upstreams) {
        return new StackOptions(state, port, fresh, progress, Map.copyOf(upstreams), settings);
    }

    /** The same with more said to services. */
    public StackOptions saying(Map<String, Map<String, String>> settings) {
        return new StackOptions(state, port, fresh, progress, upstreams, Map.copyOf(settings));
    }

    /** What is said to a service beside what a stack says to it. */
    Map<String, String> settings(String service) {
        return settings.getOrDefault(service, Map.of());
    }
}
