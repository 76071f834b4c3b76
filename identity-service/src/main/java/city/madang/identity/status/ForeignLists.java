package city.madang.identity.status;

import city.madang.identity.jose.Malformed;
import city.madang.identity.status.ListReader.ReadList;
import city.madang.kit.fetch.Fetched;
import city.madang.kit.fetch.GuardedFetch;
import city.madang.kit.fetch.Wanted;
import city.madang.kit.worker.OffLoop;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Other issuers' lists: fetched when asked for, checked, and kept as long as {@code ttl} and {@code exp} permit
 * (draft-ietf-oauth-status-list §13.7). All who ask for one at the same time wait for one fetch. Bounded in bytes.
 */
final class ForeignLists {

    /** Below this a {@code ttl} would let anybody make this service fetch without end (§11.5). */
    private static final Duration SHORTEST = Duration.ofSeconds(5);

    /** For a list that names no {@code ttl}. */
    private static final Duration UNNAMED = Duration.ofMinutes(5);

    /** How long a list that could not be had is not asked for again. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    /** What an entry costs besides its list. */
    private static final int OVERHEAD = 4096;

    private final GuardedFetch fetch;
    private final ListReader reader;
    private final Clock clock;
    private final Duration longest;
    private final AsyncCache<Address, Kept> kept;

    /** One address may be asked for different kinds of list. */
    private record Address(String uri, List<String> mediaTypes) {}

    /** @param list null if it could not be had */
    private record Kept(@Nullable ReadList list, Duration lasts) {}

    /**
     * @param bytes that are held in memory
     * @param longest that a list is used without asking again
     */
    ForeignLists(GuardedFetch fetch, ListReader reader, Clock clock, long bytes, Duration longest) {
        this.fetch = fetch;
        this.reader = reader;
        this.clock = clock;
        this.longest = longest;
        this.kept = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((Address address, Kept entry) -> OVERHEAD
                        + (entry.list() == null ? 0 : entry.list().stated().weight()))
                .expireAfter(Expiry.<Address, Kept>creating((address, entry) -> entry.lasts()))
                .executor(Runnable::run)
                .buildAsync();
    }

    /** The list into which the reference leads, if there is one that holds now. Arrives on any thread. */
    Uni<Optional<ReadList>> get(StatusReference reference) {
        Address address = new Address(reference.uri(), ListReader.mediaTypes(reference));
        return Uni.createFrom()
                .completionStage(() -> kept.get(address, (absent, executor) -> load(address)))
                .map(entry -> Optional.ofNullable(entry.list())
                        .filter(list -> clock.instant().isBefore(list.expires())));
    }

    private CompletableFuture<Kept> load(Address address) {
        return fetch.get(new Wanted(address.uri(), address.mediaTypes(), ListReader.LONGEST))
                .chain(fetched -> OffLoop.call(() -> read(address.uri(), fetched)))
                .onFailure()
                .recoverWithItem(failure -> new Kept(null, AFTER_FAILURE))
                .subscribeAsCompletionStage();
    }

    private Kept read(String uri, Fetched fetched) {
        try {
            Instant now = clock.instant();
            ReadList list = reader.read(fetched.mediaType(), fetched.body(), uri, now);
            return new Kept(list, lasts(list, now));
        } catch (Malformed refused) {
            throw new CompletionException(refused);
        }
    }

    private Duration lasts(ReadList list, Instant now) {
        Duration ttl = list.ttl() == null ? UNNAMED : list.ttl();
        Duration bounded = ttl.compareTo(SHORTEST) < 0 ? SHORTEST : ttl.compareTo(longest) > 0 ? longest : ttl;
        Duration left = list.expires().equals(Instant.MAX) ? bounded : Duration.between(now, list.expires());
        return left.compareTo(bounded) < 0 ? left : bounded;
    }
}
