package city.madang.bench.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What was measured of one thing, in several rounds.
 *
 * @param key of the row in JSON, stable from run to run
 * @param system who did it: {@code madang}, {@code keycloak}, {@code limit}
 * @param title for people
 * @param connections at once
 * @param rounds at least one
 * @param note what a reader must know; empty if nothing
 */
public record Row(String key, String system, String title, int connections, List<Measured> rounds, String note) {

    public Row {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("no round of " + key);
        }
    }

    /** The middle one of the rounds, or the mean of the two in the middle. */
    public double median(ToDoubleFunction<Measured> value) {
        return median(rounds.stream().mapToDouble(value));
    }

    /** The middle one, or the mean of the two in the middle, of at least one. */
    public static double median(DoubleStream values) {
        var sorted = values.sorted().toArray();
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Largest over smallest, as a measure of the noise; 1 is none. */
    public double spread(ToDoubleFunction<Measured> value) {
        var all = rounds.stream().mapToDouble(value).summaryStatistics();
        return all.getMin() == 0 ? 1 : all.getMax() / all.getMin();
    }
}
