package city.madang.records.applications;

import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.RecordsProblem;
import city.madang.records.applications.course.Course;
import city.madang.records.applications.course.DecidedBy;
import city.madang.records.applications.course.Plan;
import city.madang.records.catalogue.Catalogue;
import city.madang.records.catalogue.definition.Deciding;
import city.madang.records.catalogue.definition.FormError;
import city.madang.records.catalogue.definition.FormSchema;
import city.madang.records.catalogue.definition.ServiceDefinition;
import city.madang.records.catalogue.definition.Terms;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Takes an application whose form fits the service, and tells the other services that it is there. */
@ApplicationScoped
public class SubmitApplication {

    private final Mutiny.SessionFactory sessions;
    private final Catalogue catalogue;
    private final RenewableRecords renewable;
    private final Attached attached;
    private final Entries entries;
    private final Outbox outbox;

    SubmitApplication(
            Mutiny.SessionFactory sessions,
            Catalogue catalogue,
            RenewableRecords renewable,
            Attached attached,
            Entries entries,
            Outbox outbox) {
        this.sessions = sessions;
        this.catalogue = catalogue;
        this.renewable = renewable;
        this.attached = attached;
        this.entries = entries;
        this.outbox = outbox;
    }

    private record Prepared(List<FormError> errors, String handoverKey) {}

    /**
     * @param attachments documents that the applicant has sent, by the service's names for them
     * @param renews the record that the application is to renew
     */
    Uni<Application> submit(
            String applicant, String service, JsonNode form, Map<String, UUID> attachments, @Nullable UUID renews) {
        return sessions.withTransaction(session -> catalogue
                .latest(session, service)
                .map(found -> found.orElseThrow(() -> CommonProblem.INVALID_REQUEST.with("there is no such service")))
                .chain(found -> OffLoop.call(() -> prepare(found.definition(), form, attachments.keySet()))
                        .invoke(prepared -> refuse(prepared.errors()))
                        .chain(prepared -> mayRenew(session, applicant, found, renews)
                                .chain(() -> store(session, applicant, found, form, renews, prepared.handoverKey()))
                                .call(application -> attached.keep(session, application, found, attachments)))));
    }

    private static Prepared prepare(ServiceDefinition definition, JsonNode form, Set<String> attachments) {
        List<FormError> errors =
                new ArrayList<>(FormSchema.of(definition.form()).check(form));
        errors.addAll(Attached.check(definition, attachments));
        return new Prepared(errors, HandoverKey.generate());
    }

    static void refuse(List<FormError> errors) {
        if (!errors.isEmpty()) {
            throw HttpProblem.builder(RecordsProblem.FORM_INVALID.with("the form has " + errors.size() + " error(s)"))
                    .with("errors", errors)
                    .build();
        }
    }

    private Uni<Void> mayRenew(Mutiny.Session session, String applicant, Catalogue.Found found, @Nullable UUID renews) {
        return renews == null
                ? Uni.createFrom().voidItem()
                : renewable.check(
                        session,
                        applicant,
                        found.service(),
                        renews,
                        found.definition().terms().renewal());
    }

    private static Plan plan(ServiceDefinition definition, @Nullable UUID renews) {
        DecidedBy by =
                switch (definition.deciding()) {
                    case Deciding.Automatic _ -> DecidedBy.ITSELF;
                    case Deciding.ByOfficer _ -> DecidedBy.OFFICER;
                    case Deciding.ByRule _ -> DecidedBy.RULE;
                };
        Terms.@Nullable Renewal renewal = definition.terms().renewal();
        Long renewalFee = renewal == null || renews == null ? null : renewal.fee();
        return new Plan(
                definition.dcql() != null,
                renewalFee == null ? definition.fee() : renewalFee,
                by,
                definition.credential() != null,
                definition.terms().appealDays(),
                renews != null);
    }

    private Uni<Application> store(
            Mutiny.Session session,
            String applicant,
            Catalogue.Found found,
            JsonNode form,
            @Nullable UUID renews,
            String handoverKey) {
        ServiceDefinition definition = found.definition();
        Plan plan = plan(definition, renews);
        Instant now = Saga.now();
        Instant expires = now.plus(Duration.ofDays(definition.terms().expiresAfterDays()));
        Application application = new Application(
                UUID.randomUUID(),
                found.service(),
                found.version(),
                found.agency(),
                applicant,
                Course.submitted(plan, expires),
                renews,
                now);
        application.form = form.toString();
        if (plan.presents()) {
            application.handoverKey = handoverKey;
        } else {
            Map<String, String> facts = definition.facts(form, JsonNodeFactory.instance.objectNode());
            application.facts = new JsonObject(Map.copyOf(facts)).encode();
        }
        JsonObject data = event(application, definition, expires, HandoverKey.publicJwk(handoverKey));
        return session.persist(application)
                .chain(session::flush)
                .chain(() -> entries.add(
                        session, application.id, List.of(Entry.of(Entry.Kind.SUBMITTED, Entry.Actor.APPLICANT, now))))
                .chain(() -> outbox.add(session, Event.now("application.submitted", application.id.toString(), data)))
                .replaceWith(application);
    }

    private static JsonObject event(
            Application application, ServiceDefinition definition, Instant expires, JsonObject handoverKey) {
        JsonObject data = new JsonObject()
                .put("application", application.id.toString())
                .put("service", application.service)
                .put("agency", application.agency)
                .put("applicant", application.applicant)
                .put("expires_at", expires.toString())
                .put("handover_key", handoverKey);
        @Nullable JsonNode dcql = definition.dcql();
        if (dcql != null) {
            data.put("dcql_query", new JsonObject(dcql.toString()));
        }
        if (application.planFee > 0) {
            data.put(
                    "fee",
                    new JsonObject()
                            .put("amount", application.planFee)
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
