package city.madang.records.applications;

import city.madang.kit.events.Event;
import city.madang.kit.events.NotYet;
import city.madang.kit.events.Outbox;
import city.madang.kit.events.Poison;
import city.madang.kit.worker.OffLoop;
import city.madang.records.JsonBody;
import city.madang.records.applications.course.Course;
import city.madang.records.applications.course.Decision;
import city.madang.records.applications.course.Happening;
import city.madang.records.applications.course.Stage;
import city.madang.records.applications.course.Step;
import city.madang.records.catalogue.Catalogue;
import city.madang.records.catalogue.definition.Deciding;
import city.madang.records.catalogue.definition.ServiceDefinition;
import city.madang.records.catalogue.definition.Terms;
import city.madang.records.standing.EndRecord;
import city.madang.records.standing.Ending;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
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
    private final SealApplication seal;
    private final EndRecord endRecord;
    private final Entries entries;
    private final Outbox outbox;

    Saga(Catalogue catalogue, SealApplication seal, EndRecord endRecord, Entries entries, Outbox outbox) {
        this.catalogue = catalogue;
        this.seal = seal;
        this.endRecord = endRecord;
        this.entries = entries;
        this.outbox = outbox;
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
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
    Uni<Void> takeIfOurs(Mutiny.Session session, Event event, Function<Event, Happening.Told> told) {
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
    Uni<Void> take(Mutiny.Session session, Application application, Happening.Told happening) {
        Instant now = now();
        return switch (application.course().take(happening, now)) {
            case Step.Moved moved -> move(session, application, moved, Told.by(happening), now);
            case Step.Known _ -> Uni.createFrom().voidItem();
            case Step.TooEarly early -> throw new NotYet(early.why());
            case Step.Contradiction contradiction ->
                throw new Poison("application " + application.id + ": " + contradiction.why());
            case Step.Refused refused -> throw new IllegalStateException("a fact was refused: " + refused.why());
        };
    }

    /**
     * Who moved an application, and what is to be shown of it beside what the move itself shows.
     *
     * @param text a reason, a question or an answer
     */
    record Told(Entry.Actor actor, @Nullable String text) {

        static Told by(Happening.Told happening) {
            return new Told(
                    happening instanceof Happening.PresentationVerified || happening instanceof Happening.BillPaid
                            ? Entry.Actor.APPLICANT
                            : Entry.Actor.CITY,
                    null);
        }
    }

    /** Notes a move and does all that follows from it. */
    Uni<Void> move(Mutiny.Session session, Application application, Step.Moved moved, Told told, Instant now) {
        Course before = application.course();
        Set<Step.Consequence> follows = moved.consequences();
        Uni<Void> done = Uni.createFrom().voidItem();
        if (follows.contains(Step.Consequence.SEAL)) {
            application.record = UUID.randomUUID();
            done = seal.queue(session, application);
        }
        return done.chain(() -> wind(session, application, follows, now))
                .invoke(() -> {
                    application.move(moved.course(), now);
                    if (told.text() != null && follows.contains(Step.Consequence.TELL_DECISION)) {
                        application.reason = told.text();
                    }
                })
                .chain(() -> entries.add(
                        session,
                        application.id,
                        Changes.between(before, moved.course(), told.actor(), told.text(), now)))
                .chain(() -> after(session, application, follows, now));
    }

    private Uni<Void> after(
            Mutiny.Session session, Application application, Set<Step.Consequence> follows, Instant now) {
        Uni<Void> done = Uni.createFrom().voidItem();
        if (follows.contains(Step.Consequence.TELL_DECISION)) {
            done = done.chain(() -> tellDecision(session, application));
        }
        if (follows.contains(Step.Consequence.TELL_CLOSED)) {
            done = done.chain(() -> tellClosed(session, application));
        }
        if (application.form == null) {
            done = done.chain(() -> entries.erase(session, application.id));
        }
        if (follows.contains(Step.Consequence.REVOKE_RECORD)) {
            UUID record = Objects.requireNonNull(application.record, "what was sealed has a record");
            done = done.chain(() -> endRecord.end(session, record, new Ending.Revoked()));
        }
        if (follows.contains(Step.Consequence.SUPERSEDE)) {
            UUID renewed = Objects.requireNonNull(application.renews, "a renewal renews a record");
            UUID record = Objects.requireNonNull(application.record, "what was sealed has a record");
            done = done.chain(() -> endRecord.end(session, renewed, new Ending.Superseded(record)));
        }
        if (follows.contains(Step.Consequence.ASK_RULE)) {
            done = done.chain(() -> askRule(session, application));
        }
        return done;
    }

    /** The service level's clock. */
    private Uni<Void> wind(
            Mutiny.Session session, Application application, Set<Step.Consequence> follows, Instant now) {
        boolean starts = follows.contains(Step.Consequence.CLOCK_STARTS);
        boolean rests =
                follows.contains(Step.Consequence.CLOCK_PAUSES) || follows.contains(Step.Consequence.CLOCK_STOPS);
        if (!starts && !rests && !follows.contains(Step.Consequence.CLOCK_RESUMES)) {
            return Uni.createFrom().voidItem();
        }
        return definition(session, application)
                .invoke(definition -> {
                    Terms.@Nullable Level level = definition.terms().level();
                    if (level == null) {
                        return;
                    }
                    ServiceClock clock = starts
                            ? ServiceClock.started(now)
                            : rests
                                    ? application.clock().paused(now, level.calendar())
                                    : application.clock().resumed(now);
                    application.set(clock, clock.due(level.budget(), level.calendar()));
                })
                .replaceWithVoid();
    }

    private Uni<Void> askRule(Mutiny.Session session, Application application) {
        String facts = Objects.requireNonNull(application.facts, "what is decided has its facts");
        return definition(session, application)
                .chain(definition -> OffLoop.call(() -> ruling(definition, facts)))
                .chain(ruling -> {
                    Instant now = now();
                    return switch (application.course().take(new Happening.RuleDecided(ruling.verdict()), now)) {
                        case Step.Moved moved ->
                            move(session, application, moved, new Told(Entry.Actor.CITY, ruling.reason()), now);
                        case Step.Known _ -> Uni.createFrom().voidItem();
                        case Step other -> throw new IllegalStateException("a rule was answered " + other);
                    };
                });
    }

    private record Ruling(Happening.Verdict verdict, @Nullable String reason) {}

    private static Ruling ruling(ServiceDefinition definition, String facts) {
        if (!(definition.deciding() instanceof Deciding.ByRule rule)) {
            throw new IllegalStateException("a service without a rule was asked for one");
        }
        if (rule.grants(JsonBody.parse(facts))) {
            return new Ruling(Happening.Verdict.GRANT, null);
        }
        var reason = rule.reason();
        return rule.otherwiseOfficer() || reason == null
                ? new Ruling(Happening.Verdict.OFFICER, null)
                : new Ruling(Happening.Verdict.REFUSE, reason.ko() + " / " + reason.en());
    }

    Uni<ServiceDefinition> definition(Mutiny.Session session, Application application) {
        return catalogue.version(session, application.service, application.serviceVersion);
    }

    private Uni<Void> tellDecision(Mutiny.Session session, Application application) {
        @Nullable Decision decision = application.decision;
        boolean appealable = application.course().stage() instanceof Stage.Refused;
        return outbox.add(
                session,
                Event.now(
                        "application.decided",
                        application.id.toString(),
                        new JsonObject()
                                .put("application", application.id.toString())
                                .put("decision", String.valueOf(decision).toLowerCase(Locale.ROOT))
                                .put("round", application.round)
                                .put("appealable", appealable)));
    }

    private Uni<Void> tellClosed(Mutiny.Session session, Application application) {
        return outbox.add(
                session,
                Event.now(
                        "application.closed",
                        application.id.toString(),
                        new JsonObject()
                                .put("application", application.id.toString())
                                .put("agency", application.agency)
                                .put(
                                        "outcome",
                                        String.valueOf(application.outcome).toLowerCase(Locale.ROOT))));
    }
}
