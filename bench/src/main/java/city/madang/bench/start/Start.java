package city.madang.bench.start;

/**
 * One start of one process.
 *
 * @param readyMillis from the start of the process to the first 200 of its readiness check
 * @param cpuMillis of the process until then
 * @param residentBytes that it held then
 * @param loadedBytes that it held after the load
 */
record Start(double readyMillis, double cpuMillis, long residentBytes, long loadedBytes) {}
