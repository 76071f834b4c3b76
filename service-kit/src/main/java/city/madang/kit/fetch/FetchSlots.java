package city.madang.kit.fetch;

import java.util.HashMap;
import java.util.Map;

/** Bounds how many fetches are under way, in all and from one host: a host that answers slowly must not hold up the others. */
final class FetchSlots {

    private final int most;
    private final int mostOfHost;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    FetchSlots(int most) {
        this.most = Math.max(1, most);
        this.mostOfHost = Math.max(1, most / 4);
    }

    synchronized boolean take(String host) {
        int ofHost = taken.getOrDefault(host, 0);
        if (all >= most || ofHost >= mostOfHost) {
            return false;
        }
        all++;
        taken.put(host, ofHost + 1);
        return true;
    }

    synchronized void giveBack(String host) {
        all--;
        taken.compute(host, (name, ofHost) -> ofHost == null || ofHost <= 1 ? null : ofHost - 1);
    }
}
