package city.madang.identity.clients;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.kit.fetch.FetchFailed;
import city.madang.kit.fetch.GuardedFetch;
import city.madang.kit.fetch.Wanted;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Keys that an agency publishes at an address of its own. Only this service fetches them, through the guard. */
@ApplicationScoped
class PublishedKeys {

    private static final int LONGEST = 64 * 1024;

    private static final List<String> TYPES = List.of("application/jwk-set+json", "application/json");

    private final GuardedFetch fetch;

    PublishedKeys(GuardedFetch fetch) {
        this.fetch = fetch;
    }

    /** Fails with {@link FetchFailed} or {@link Malformed}. */
    Uni<ClientKeys> at(String uri) {
        return fetch.get(new Wanted(uri, TYPES, LONGEST)).chain(fetched -> {
            try {
                return Uni.createFrom()
                        .item(ClientKeys.parse(
                                StrictJson.object(new String(fetched.body(), StandardCharsets.UTF_8), LONGEST)));
            } catch (Malformed malformed) {
                return Uni.createFrom().failure(malformed);
            }
        });
    }
}
