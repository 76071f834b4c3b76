package city.madang.devstack.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;

/** {@code ./madang up}: runs the stack until it is told to stop. */
public final class Main {

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int HIGHEST_PORT = 65_535;

    private Main() {}

    /** Arguments: {@code --state FOLDER [--fresh] [--port N]}. */
    public static void main(String[] arguments) {
        StackOptions options;
        try {
            options = parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("madang up: " + e.getMessage());
            System.exit(USAGE);
            return;
        }
        var running = new AtomicReference<Stack>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            var stack = running.get();
            if (stack != null) {
                System.out.println("stopping …");
                stack.close();
                System.out.println("stopped");
            }
        }));
        try {
            var stack = Stack.start(options, running::set);
            announce(stack);
            System.err.println(stack.failure().join());
        } catch (IOException | IllegalStateException e) {
            System.err.println("madang up: " + e.getMessage());
        }
        System.exit(FAILED);
    }

    private static void announce(Stack stack) {
        System.out.printf(
                """
                ready in %.0f s

                  Madang          %s
                  for developers  %s/developers
                  root CA         %s
                  credentials     %s
                  Keycloak admin  %s (user admin)
                  logs            %s

                Ctrl-C stops it.
                """,
                stack.elapsedSeconds(),
                stack.origin(),
                stack.origin(),
                stack.rootCertificate(),
                stack.credentials().file(),
                stack.keycloakAdmin(),
                stack.logs());
    }

    private static StackOptions parse(String[] arguments) {
        var state = Path.of(".madang");
        var port = OptionalInt.empty();
        var fresh = false;
        for (var i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--fresh" -> fresh = true;
                case "--port" -> port = OptionalInt.of(port(value(arguments, ++i)));
                case "--state" -> state = Path.of(value(arguments, ++i));
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        return new StackOptions(state, port, fresh, System.out::println);
    }

    private static String value(String[] arguments, int index) {
        if (index >= arguments.length) {
            throw new IllegalArgumentException("a value is missing after " + arguments[index - 1]);
        }
        return arguments[index];
    }

    private static int port(String text) {
        try {
            var port = Integer.parseInt(text);
            if (port >= 1 && port <= HIGHEST_PORT) {
                return port;
            }
        } catch (NumberFormatException ignored) {
            // said below
        }
        throw new IllegalArgumentException("not a port: " + text);
    }
}
