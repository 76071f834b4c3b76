package city.madang.bench;

import java.util.List;

/** One benchmark of {@code ./madang bench}: a class for each, told apart by its name on the command line. */
public interface Benchmark {

    /** As it is typed. */
    String name();

    /** One line for the list of benchmarks. */
    String summary();

    /** Its options, for {@code bench NAME --help}. */
    String help();

    /**
     * Runs it to the end; all that it started is stopped when it returns or throws.
     *
     * @throws IllegalArgumentException when an option is unknown or out of bounds
     */
    void run(List<String> options) throws Exception;
}
