package city.madang.bench.report;

/**
 * One round of one row. Times of CPU are those of a process and its children, in milliseconds for each thing made.
 *
 * @param requestsPerSecond that were answered
 * @param madePerSecond things that came of them: credentials issued, presentations checked, rows written, payments
 * @param cpuMillis of the service
 * @param databaseCpuMillis of PostgreSQL meanwhile
 * @param p999Millis 0 where it was not looked at
 * @param walBytes that PostgreSQL wrote ahead for each thing made; 0 where it was not looked at
 */
public record Measured(
        double requestsPerSecond,
        double madePerSecond,
        double p50Millis,
        double p99Millis,
        double cpuMillis,
        double databaseCpuMillis,
        double p999Millis,
        double walBytes) {

    public Measured(
            double requestsPerSecond,
            double madePerSecond,
            double p50Millis,
            double p99Millis,
            double cpuMillis,
            double databaseCpuMillis) {
        this(requestsPerSecond, madePerSecond, p50Millis, p99Millis, cpuMillis, databaseCpuMillis, 0, 0);
    }
}
