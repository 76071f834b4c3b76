package city.madang.records.catalogue;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.records.RecordsProblem;
import city.madang.records.catalogue.definition.FormError;
import city.madang.records.catalogue.definition.ServiceDefinition;
import city.madang.records.catalogue.definition.Text;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Publishes a service: the first time for whoever comes first, later as a new version by the same agency. */
@ApplicationScoped
public class PublishService {

    private final Mutiny.SessionFactory sessions;
    private final AttachmentTypes types;
    private final Outbox outbox;

    PublishService(Mutiny.SessionFactory sessions, AttachmentTypes types, Outbox outbox) {
        this.sessions = sessions;
        this.types = types;
        this.outbox = outbox;
    }

    Uni<PublishedService> publish(String agency, String service, ServiceDefinition definition) {
        return sessions.withTransaction(session -> fitAttachments(session, agency, definition)
                .chain(() -> lock(session, service))
                .chain(() -> session.find(PublishedService.class, service, LockMode.PESSIMISTIC_WRITE))
                .chain(known -> {
                    if (known != null && !known.agency.equals(agency)) {
                        throw RecordsProblem.SERVICE_OF_ANOTHER_AGENCY.with("choose another name for the service");
                    }
                    String text = definition.tree().toString();
                    if (known != null && known.definition.equals(text)) {
                        return Uni.createFrom().item(known);
                    }
                    return store(session, known, agency, service, definition, text);
                }));
    }

    private Uni<Void> fitAttachments(Mutiny.Session session, String agency, ServiceDefinition definition) {
        List<ServiceDefinition.Attachment> attachments = definition.attachments();
        return Multi.createFrom()
                .range(0, attachments.size())
                .onItem()
                .transformToUniAndConcatenate(
                        i -> types.unfit(session, agency, attachments.get(i).type())
                                .map(why -> why.map(fault -> new FormError("/attachments/" + i + "/type", fault))))
                .filter(Optional::isPresent)
                .map(Optional::orElseThrow)
                .collect()
                .asList()
                .invoke(errors -> {
                    if (!errors.isEmpty()) {
                        throw invalid(errors);
                    }
                })
                .replaceWithVoid();
    }

    static RuntimeException invalid(List<FormError> errors) {
        return HttpProblem.builder(
                        RecordsProblem.DEFINITION_INVALID.with("the definition has " + errors.size() + " error(s)"))
                .with("errors", errors)
                .build();
    }

    /** Two agencies that come first at once must not both find no row. */
    private static Uni<Void> lock(Mutiny.Session session, String service) {
        return session.createNativeQuery("select 1 from pg_advisory_xact_lock(hashtext(?1))")
                .setParameter(1, "service/" + service)
                .getResultList()
                .replaceWithVoid();
    }

    private Uni<PublishedService> store(
            Mutiny.Session session,
            @Nullable PublishedService known,
            String agency,
            String service,
            ServiceDefinition definition,
            String text) {
        PublishedService published = known == null ? new PublishedService(service, agency) : known;
        published.version++;
        published.definition = text;
        published.published = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return (known == null ? session.persist(published) : Uni.createFrom().voidItem())
                .chain(session::flush)
                .chain(() -> session.createNativeQuery("insert into service_version (service, version, definition,"
                                + " published) select service, version, definition, published from service where"
                                + " service = ?1")
                        .setParameter(1, service)
                        .executeUpdate())
                .chain(() -> outbox.add(session, Event.now("service.published", service, event(published, definition))))
                .replaceWith(published);
    }

    private static JsonObject event(PublishedService published, ServiceDefinition definition) {
        JsonObject data = new JsonObject()
                .put("service", published.service)
                .put("agency", published.agency)
                .put("version", published.version);
        ServiceDefinition.@Nullable Credential credential = definition.credential();
        if (credential != null) {
            JsonArray claims = new JsonArray();
            for (ServiceDefinition.Fact fact : definition.record().facts()) {
                if (credential.claims().contains(fact.name())) {
                    claims.add(new JsonObject().put("name", fact.name()).put("label", text(fact.label())));
                }
            }
            data.put(
                    "credential",
                    new JsonObject()
                            .put("id", credential.id())
                            .put("display", new JsonObject(credential.display().toString()))
                            .put("validity_days", credential.validityDays())
                            .put("claims", claims));
        }
        return data;
    }

    private static JsonObject text(Text text) {
        return new JsonObject().put("ko", text.ko()).put("en", text.en());
    }
}
