package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.kit.p256.P256;
import java.security.interfaces.ECPublicKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Public keys in the form in which they verify: making one of its coordinates costs as much as verifying with it. Known by
 * the coordinates themselves, so what is remembered can't be wrong. Thread-safe.
 */
final class KnownKeys {

    /** Some 100 MiB at most. */
    private static final int MOST = 100_000;

    private record Point(String x, String y) {}

    private final Map<Point, ECPublicKey> keys = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Point, ECPublicKey> eldest) {
            return size() > MOST;
        }
    };

    /** @param x {@code 0x}-hex, as {@code y} */
    ECPublicKey of(String x, String y) {
        Point point = new Point(x, y);
        synchronized (keys) {
            ECPublicKey known = keys.get(point);
            if (known != null) {
                return known;
            }
        }
        ECPublicKey made = P256.publicKey(new Bytes32(x).unsigned(), new Bytes32(y).unsigned());
        synchronized (keys) {
            keys.put(point, made);
        }
        return made;
    }
}
