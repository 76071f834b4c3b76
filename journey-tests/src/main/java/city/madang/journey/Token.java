package city.madang.journey;

import city.madang.devstack.keycloak.People;
import city.madang.devstack.stack.RunningStack;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code ./madang token NAME}: prints an access token of a development person or agency, for whoever tries the API by hand. The
 * stack must be running.
 */
public final class Token {

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Token() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3 || !arguments[0].equals("--state")) {
            System.err.println("usage: ./madang token NAME, one of " + names());
            System.exit(USAGE);
            return;
        }
        try {
            System.out.println(
                    token(new SignIn(new Portal(City.of(RunningStack.at(Path.of(arguments[1]))))), arguments[2]));
        } catch (IllegalArgumentException | IllegalStateException | JourneyFailed failed) {
            System.err.println("madang token: " + failed.getMessage());
            System.exit(FAILED);
        }
    }

    private static String token(SignIn signIn, String name) {
        if (People.AGENCIES.contains(name)) {
            return signIn.agency(name);
        }
        People.Person person = People.ALL.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + name + "; there are " + names()));
        return person.roles().contains("citizen") ? signIn.citizen(name) : signIn.person(name);
    }

    private static String names() {
        return String.join(", ", People.AGENCIES)
                + ", "
                + String.join(", ", People.ALL.stream().map(People.Person::name).toList());
    }
}
