package city.madang.bench.report;

/**
 * One round of one row. Times of CPU are those of a process and its children, in milliseconds for each thing made.
 *
 * @param requestsPerSecond that were answered
 * @param madePerSecond things that came of them: credentials issued, presentations checked, rows written
 * @param cpuMillis of the service
 * @param databaseCpuMillis of PostgreSQL meanwhile
 */
public record Measured(
        double requestsPerSecond,
        double madePerSecond,
        double p50Millis,
        double p99Millis,
        double cpuMillis,
        double databaseCpuMillis) {}
