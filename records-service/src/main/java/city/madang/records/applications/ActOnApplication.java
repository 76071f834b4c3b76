package city.madang.records.applications;

import city.madang.kit.caller.Caller;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.problem.ProblemType;
import city.madang.records.RecordsProblem;
import city.madang.records.applications.course.Decision;
import city.madang.records.applications.course.Happening;
import city.madang.records.applications.course.Step;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Predicate;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What people do with an application: officers of its agency, and its applicant. Anybody else finds none. */
@ApplicationScoped
public class ActOnApplication {

    private final Mutiny.SessionFactory sessions;
    private final Saga saga;

    ActOnApplication(Mutiny.SessionFactory sessions, Saga saga) {
        this.sessions = sessions;
        this.saga = saga;
    }

    Uni<Application> claim(Caller.Officer officer, UUID id, boolean takeOver) {
        return act(officer, id, new Happening.Claim(officer.subject(), takeOver), null);
    }

    Uni<Application> release(Caller.Officer officer, UUID id) {
        return act(officer, id, new Happening.Release(officer.subject()), null);
    }

    /** @param days to answer in; null for as many as the service gives */
    Uni<Application> ask(Caller.Officer officer, UUID id, String question, @Nullable Integer days) {
        return sessions.withTransaction(session -> lock(session, id, of(officer))
                .chain(application -> saga.definition(session, application).chain(definition -> {
                    int given = days == null ? definition.terms().answerDays() : days;
                    Instant until = Saga.now().plus(Duration.ofDays(given));
                    return act(
                            session,
                            application,
                            new Happening.Ask(officer.subject(), until),
                            Entry.Actor.OFFICER,
                            question);
                })));
    }

    Uni<Application> decide(Caller.Officer officer, UUID id, Decision decision, String reason) {
        return sessions.withTransaction(
                session -> lock(session, id, of(officer)).chain(application -> act(
                                session,
                                application,
                                new Happening.Decide(officer.subject(), decision),
                                Entry.Actor.OFFICER,
                                reason)
                        .invoke(() -> {
                            if (application.decidedBy == null && application.decision != null) {
                                application.decidedBy = officer.subject();
                            }
                        })));
    }

    Uni<Application> withdraw(Caller.Citizen citizen, UUID id) {
        return sessions.withTransaction(session -> lock(session, id, of(citizen))
                .chain(application ->
                        act(session, application, new Happening.Withdraw(), Entry.Actor.APPLICANT, null)));
    }

    Uni<Application> appeal(Caller.Citizen citizen, UUID id, String reason) {
        return sessions.withTransaction(session -> lock(session, id, of(citizen))
                .chain(application -> act(session, application, new Happening.Appeal(), Entry.Actor.APPLICANT, reason)
                        .invoke(() -> application.decidedBy = null)));
    }

    private Uni<Application> act(Caller.Officer officer, UUID id, Happening.Wish wish, @Nullable String text) {
        return sessions.withTransaction(session -> lock(session, id, of(officer))
                .chain(application -> act(session, application, wish, Entry.Actor.OFFICER, text)));
    }

    static Predicate<Application> of(Caller.Officer officer) {
        return application -> application.agency.equals(officer.agency());
    }

    static Predicate<Application> of(Caller.Citizen citizen) {
        return application -> application.applicant.equals(citizen.subject());
    }

    static Uni<Application> lock(Mutiny.Session session, UUID id, Predicate<Application> whose) {
        return session.find(Application.class, id, LockMode.PESSIMISTIC_WRITE).invoke(application -> {
            if (application == null || !whose.test(application)) {
                throw CommonProblem.NOT_FOUND.with("there is no such application");
            }
        });
    }

    /** Takes a wish under the row's lock; a wish that was fulfilled before changes nothing. */
    Uni<Application> act(
            Mutiny.Session session,
            Application application,
            Happening.Wish wish,
            Entry.Actor actor,
            @Nullable String text) {
        Instant now = Saga.now();
        return switch (application.course().take(wish, now)) {
            case Step.Moved moved ->
                saga.move(session, application, moved, new Saga.Told(actor, text), now)
                        .replaceWith(application);
            case Step.Known _ -> Uni.createFrom().item(application);
            case Step.Refused(Step.Why why) -> {
                ProblemType problem = problem(why);
                throw problem.with(problem.meaning().when());
            }
            case Step.TooEarly _, Step.Contradiction _ -> throw new IllegalStateException("a wish is no fact");
        };
    }

    private static ProblemType problem(Step.Why why) {
        return switch (why) {
            case NOT_DECIDED_BY_OFFICERS -> RecordsProblem.NOT_DECIDED_BY_OFFICERS;
            case NOT_READY_TO_DECIDE -> RecordsProblem.NOT_READY_TO_DECIDE;
            case ALREADY_DECIDED -> RecordsProblem.ALREADY_DECIDED;
            case CLAIMED_BY_ANOTHER -> RecordsProblem.CLAIMED_BY_ANOTHER;
            case DECIDED_BY_YOU_BEFORE -> RecordsProblem.DECIDED_BY_YOU_BEFORE;
            case TOO_MANY_QUESTIONS -> RecordsProblem.TOO_MANY_QUESTIONS;
            case NOT_ASKED -> RecordsProblem.NOT_ASKED;
            case ANSWERED_TOO_LATE -> RecordsProblem.ANSWERED_TOO_LATE;
            case TOO_LATE_TO_WITHDRAW -> RecordsProblem.TOO_LATE_TO_WITHDRAW;
            case NOT_APPEALABLE -> RecordsProblem.NOT_APPEALABLE;
        };
    }
}
