package city.madang.bench;

import java.util.List;

/** Values of options on the command line of a benchmark. A wrong one is an {@link IllegalArgumentException} with a sentence for the terminal. */
public final class Arguments {

    private Arguments() {}

    /** What stands at {@code index}, after the option that it belongs to. */
    public static String value(List<String> arguments, int index) {
        if (index >= arguments.size()) {
            throw new IllegalArgumentException("a value is missing after " + arguments.get(index - 1));
        }
        return arguments.get(index);
    }

    public static int number(List<String> arguments, int index, int least, int most) {
        try {
            var number = Integer.parseInt(value(arguments, index));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw new IllegalArgumentException(
                "%s takes a number from %d to %d".formatted(arguments.get(index - 1), least, most));
    }
}
