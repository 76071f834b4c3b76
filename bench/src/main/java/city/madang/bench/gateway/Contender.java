package city.madang.bench.gateway;

import city.madang.bench.load.ProcessCost;
import city.madang.devstack.process.Child;

/**
 * Somebody who answers.
 *
 * @param key of its row
 * @param system who does it
 * @param title for people
 * @param url what is asked for
 * @param process that is charged for it
 */
record Contender(String key, String system, String title, String url, Child process) {

    /** Milliseconds of CPU that its processes have taken so far. */
    double cpuMillis() {
        return new ProcessCost(process.pid()).cpuNanos() / 1e6;
    }
}
