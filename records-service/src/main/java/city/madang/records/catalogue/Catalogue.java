package city.madang.records.catalogue;

import city.madang.kit.worker.OffLoop;
import city.madang.records.JsonBody;
import city.madang.records.catalogue.definition.DefinitionReader;
import city.madang.records.catalogue.definition.ServiceDefinition;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Finds definitions for other capabilities. */
@ApplicationScoped
public class Catalogue {

    /** Definitions kept read: compiling a form's schema takes milliseconds, and a version never changes. */
    private static final int MOST_KEPT = 500;

    private final Map<String, ServiceDefinition> kept = new ConcurrentHashMap<>();

    /** A definition with who published it and as which version. */
    public record Found(String service, String agency, int version, ServiceDefinition definition) {}

    /** The latest version. */
    public Uni<Optional<Found>> latest(Mutiny.Session session, String service) {
        return session.find(PublishedService.class, service)
                .chain(found -> found == null
                        ? Uni.createFrom().item(Optional.empty())
                        : read(service, found.version, found.definition)
                                .map(definition ->
                                        Optional.of(new Found(service, found.agency, found.version, definition))));
    }

    /** The version that an application was made for. */
    public Uni<ServiceDefinition> version(Mutiny.Session session, String service, int version) {
        return session.createNativeQuery(
                        "select definition from service_version where service = ?1 and version = ?2", String.class)
                .setParameter(1, service)
                .setParameter(2, version)
                .getSingleResult()
                .chain(definition -> read(service, version, definition));
    }

    private Uni<ServiceDefinition> read(String service, int version, String definition) {
        String key = service + "/" + version;
        @Nullable ServiceDefinition known = kept.get(key);
        if (known != null) {
            return Uni.createFrom().item(known);
        }
        return OffLoop.call(() -> read(definition)).invoke(read -> {
            if (kept.size() >= MOST_KEPT) {
                kept.clear();
            }
            kept.put(key, read);
        });
    }

    private static ServiceDefinition read(String definition) {
        if (DefinitionReader.read(JsonBody.parse(definition)) instanceof DefinitionReader.Result.Read read) {
            return read.definition();
        }
        throw new IllegalStateException("a published definition is no longer valid");
    }
}
