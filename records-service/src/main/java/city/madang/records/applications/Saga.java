package city.madang.records.applications;

import city.madang.kit.events.Event;
import city.madang.kit.events.NotYet;
import city.madang.kit.events.Outbox;
import city.madang.kit.events.Poison;
import city.madang.records.applications.course.Decision;
import city.madang.records.applications.course.Happening;
import city.madang.records.applications.course.Step;
import city.madang.records.catalogue.Catalogue;
import city.madang.records.catalogue.definition.ServiceDefinition;
import city.madang.records.sealing.SealingJob;
import city.madang.records.sealing.SealingQueue;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Moves applications on: loads, takes the step, does what follows from it, in the transaction of the event. */
@ApplicationScoped
public class Saga {

    /** Characters of an id of another service. */
    private static final int LONGEST_REFERENCE = 100;

    private final Catalogue catalogue;
    private final SealingQueue sealing;
    private final Outbox outbox;

    Saga(Catalogue catalogue, SealingQueue sealing, Outbox outbox) {
        this.catalogue = catalogue;
        this.sealing = sealing;
        this.outbox = outbox;
    }

    /** The application of an event, locked. */
    Uni<Application> lock(Mutiny.Session session, @Nullable String id) {
        UUID application;
        try {
            application = UUID.fromString(String.valueOf(id));
        } catch (IllegalArgumentException malformed) {
            throw new Poison("not an application's id", malformed);
        }
        return session.find(Application.class, application, LockMode.PESSIMISTIC_WRITE)
                .invoke(found -> {
                    if (found == null) {
                        // an application is committed before its first event leaves, so it never turns up later
                        throw new Poison("there is no application " + application);
                    }
                });
    }

    /** Takes what an event of another service tells; one that names no application is about nothing of ours. */
    Uni<Void> takeIfOurs(Mutiny.Session session, Event event, Function<Event, Happening> told) {
        @Nullable String application = event.data().getString("application");
        if (application == null) {
            return Uni.createFrom().voidItem();
        }
        return lock(session, application).chain(found -> take(session, found, told.apply(event)));
    }

    /** The id that an event must hold under this name. */
    static String reference(Event event, String member) {
        @Nullable String id = event.data().getString(member);
        if (id == null || id.isBlank() || id.length() > LONGEST_REFERENCE) {
            throw new Poison(event.type() + " without " + member);
        }
        return id;
    }

    /** Takes what an event says; the failure says whether it may be tried again. */
    Uni<Void> take(Mutiny.Session session, Application application, Happening happening) {
        return switch (application.course().take(happening)) {
            case Step.Moved moved -> move(session, application, moved);
            case Step.Known known -> Uni.createFrom().voidItem();
            case Step.TooEarly early -> throw new NotYet(early.why());
            case Step.Contradiction contradiction ->
                throw new Poison("application " + application.id + ": " + contradiction.why());
        };
    }

    Uni<Void> move(Mutiny.Session session, Application application, Step.Moved moved) {
        Set<Step.Consequence> follows = moved.consequences();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Uni<Void> done = Uni.createFrom().voidItem();
        if (follows.contains(Step.Consequence.SEAL)) {
            application.record = UUID.randomUUID();
            done = seal(session, application);
        }
        return done.invoke(() -> application.move(moved.course(), now))
                .chain(() -> follows.contains(Step.Consequence.TELL_DECISION)
                        ? tellDecision(session, application)
                        : Uni.createFrom().voidItem());
    }

    private Uni<Void> tellDecision(Mutiny.Session session, Application application) {
        @Nullable Decision decision = application.decision;
        return outbox.add(
                session,
                Event.now(
                        "application.decided",
                        application.id.toString(),
                        new JsonObject()
                                .put("application", application.id.toString())
                                .put("decision", String.valueOf(decision).toLowerCase(Locale.ROOT))));
    }

    private Uni<Void> seal(Mutiny.Session session, Application application) {
        return catalogue
                .version(session, application.service, application.serviceVersion)
                .map(definition -> job(application, definition))
                .chain(job -> sealing.add(session, job));
    }

    private static SealingJob job(Application application, ServiceDefinition definition) {
        UUID record = application.record;
        String known = application.facts;
        if (record == null || known == null) {
            throw new IllegalStateException("application " + application.id + " has no facts to seal");
        }
        JsonObject facts = new JsonObject(known);
        List<SealingJob.Line> lines = new ArrayList<>();
        for (ServiceDefinition.Fact fact : definition.record().facts()) {
            String value = facts.getString(fact.name(), "–");
            lines.add(new SealingJob.Line(fact.label().ko(), fact.label().en(), value));
        }
        return new SealingJob(
                record,
                application.id,
                application.agency,
                application.applicant,
                application.service,
                definition.record().type(),
                definition.record().title().ko(),
                definition.record().title().en(),
                definition.record().validityDays(),
                lines,
                credential(application, definition, facts));
    }

    private static SealingJob.@Nullable Credential credential(
            Application application, ServiceDefinition definition, JsonObject facts) {
        ServiceDefinition.@Nullable Credential credential = definition.credential();
        String identityKey = application.identityKey;
        if (credential == null || identityKey == null) {
            return null;
        }
        JsonObject claims = new JsonObject();
        for (String claim : credential.claims()) {
            if (facts.containsKey(claim)) {
                claims.put(claim, facts.getString(claim));
            }
        }
        return new SealingJob.Credential(credential.id(), new JsonObject(identityKey), claims);
    }
}
