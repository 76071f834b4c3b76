package city.madang.gateway.cache;

import com.github.benmanes.caffeine.cache.Caffeine;

/** Caches of the event loops. */
public final class Caches {

    private Caches() {}

    /**
     * A cache that tidies up in the thread that uses it: that is less work than telling another thread of it.
     *
     * @param most entries; beyond, others are forgotten
     */
    public static Caffeine<Object, Object> bounded(long most) {
        return Caffeine.newBuilder().maximumSize(most).executor(Runnable::run);
    }
}
