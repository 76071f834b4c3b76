package city.madang.records.applications;

import city.madang.kit.caller.Caller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.RecordsProblem;
import city.madang.records.applications.course.Decision;
import city.madang.records.applications.course.Happening;
import city.madang.records.applications.course.Step;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;

/** An officer grants or refuses an application of the officer's own agency. */
@ApplicationScoped
public class DecideApplication {

    private final Mutiny.SessionFactory sessions;
    private final Saga saga;

    DecideApplication(Mutiny.SessionFactory sessions, Saga saga) {
        this.sessions = sessions;
        this.saga = saga;
    }

    Uni<Application> decide(Caller.Officer officer, UUID id, Decision decision, String reason) {
        return sessions.withTransaction(session -> session.find(Application.class, id, LockMode.PESSIMISTIC_WRITE)
                .chain(application -> {
                    if (application == null || !application.agency.equals(officer.agency())) {
                        throw CommonProblem.NOT_FOUND.with("there is no such application");
                    }
                    if (!application.planOfficer) {
                        throw RecordsProblem.NOT_DECIDED_BY_OFFICERS.with("this service grants automatically");
                    }
                    return switch (application.course().take(new Happening.OfficerDecided(decision))) {
                        case Step.Moved moved -> {
                            application.reason = reason;
                            application.decidedBy = officer.subject();
                            yield saga.move(session, application, moved).replaceWith(application);
                        }
                        case Step.Known known -> Uni.createFrom().item(application);
                        case Step.TooEarly early -> throw RecordsProblem.NOT_READY_TO_DECIDE.with(early.why());
                        case Step.Contradiction other -> throw RecordsProblem.ALREADY_DECIDED.with(other.why());
                    };
                }));
    }
}
