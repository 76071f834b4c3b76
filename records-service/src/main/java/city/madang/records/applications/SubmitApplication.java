package city.madang.records.applications;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.RecordsProblem;
import city.madang.records.applications.course.Plan;
import city.madang.records.catalogue.Catalogue;
import city.madang.records.catalogue.definition.FormError;
import city.madang.records.catalogue.definition.FormSchema;
import city.madang.records.catalogue.definition.ServiceDefinition;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Takes an application whose form fits the service, and tells the other services that it is there. */
@ApplicationScoped
public class SubmitApplication {

    private final Mutiny.SessionFactory sessions;
    private final Catalogue catalogue;
    private final Outbox outbox;

    SubmitApplication(Mutiny.SessionFactory sessions, Catalogue catalogue, Outbox outbox) {
        this.sessions = sessions;
        this.catalogue = catalogue;
        this.outbox = outbox;
    }

    private record Prepared(List<FormError> errors, String handoverKey) {}

    Uni<Application> submit(String applicant, String service, JsonNode form) {
        return sessions.withTransaction(session -> catalogue
                .latest(session, service)
                .map(found -> found.orElseThrow(() -> CommonProblem.INVALID_REQUEST.with("there is no such service")))
                .chain(found -> OffLoop.call(() -> prepare(found.definition(), form))
                        .chain(prepared -> store(session, applicant, found, form, prepared))));
    }

    private static Prepared prepare(ServiceDefinition definition, JsonNode form) {
        return new Prepared(FormSchema.of(definition.form()).check(form), HandoverKey.generate());
    }

    private Uni<Application> store(
            Mutiny.Session session, String applicant, Catalogue.Found found, JsonNode form, Prepared prepared) {
        List<FormError> errors = prepared.errors();
        if (!errors.isEmpty()) {
            throw HttpProblem.builder(RecordsProblem.FORM_INVALID.with("the form has " + errors.size() + " error(s)"))
                    .with("errors", errors)
                    .build();
        }
        ServiceDefinition definition = found.definition();
        Plan plan = new Plan(
                definition.dcql() != null, definition.fee(), definition.officer(), definition.credential() != null);
        Application application = new Application(
                UUID.randomUUID(),
                found.service(),
                found.version(),
                found.agency(),
                applicant,
                plan,
                Instant.now().truncatedTo(ChronoUnit.MICROS));
        application.form = form.toString();
        if (plan.presents()) {
            application.handoverKey = prepared.handoverKey();
        } else {
            Map<String, String> facts = definition.facts(form, JsonNodeFactory.instance.objectNode());
            application.facts = new JsonObject(Map.copyOf(facts)).encode();
        }
        JsonObject data = event(application, definition, HandoverKey.publicJwk(prepared.handoverKey()));
        return session.persist(application)
                .chain(session::flush)
                .chain(() -> outbox.add(session, Event.now("application.submitted", application.id.toString(), data)))
                .replaceWith(application);
    }

    private static JsonObject event(Application application, ServiceDefinition definition, JsonObject handoverKey) {
        JsonObject data = new JsonObject()
                .put("application", application.id.toString())
                .put("service", application.service)
                .put("agency", application.agency)
                .put("applicant", application.applicant)
                .put("handover_key", handoverKey);
        @Nullable JsonNode dcql = definition.dcql();
        if (dcql != null) {
            data.put("dcql_query", new JsonObject(dcql.toString()));
        }
        if (definition.fee() > 0) {
            data.put(
                    "fee",
                    new JsonObject()
                            .put("amount", definition.fee())
                            .put("currency", "KRW")
                            .put(
                                    "title",
                                    new JsonObject()
                                            .put("ko", definition.title().ko())
                                            .put("en", definition.title().en())));
        }
        return data;
    }
}
