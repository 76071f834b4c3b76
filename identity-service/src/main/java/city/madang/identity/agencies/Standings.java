package city.madang.identity.agencies;

import city.madang.identity.problem.IdentityProblem;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.problem.CommonProblem;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Whether agencies may act: revokes them, and reinstates them. */
@ApplicationScoped
public class Standings {

    private final Mutiny.SessionFactory sessions;
    private final AgencyChanges changes;
    private final Outbox outbox;
    private final List<OnStanding> others;
    private final jakarta.enterprise.event.Event<AgencyChanged> changed;
    private final IdentitySettings settings;

    Standings(
            Mutiny.SessionFactory sessions,
            AgencyChanges changes,
            Outbox outbox,
            @All List<OnStanding> others,
            jakarta.enterprise.event.Event<AgencyChanged> changed,
            IdentitySettings settings) {
        this.sessions = sessions;
        this.changes = changes;
        this.outbox = outbox;
        this.others = others;
        this.changed = changed;
        this.settings = settings;
    }

    /** Revokes or reinstates; what is so already stays as it is, and is no error. */
    Uni<Agency> set(String id, boolean revoked, StandingReason reason, @Nullable String note, Actor actor) {
        if (revoked && id.equals(settings.issuance().metadataAgency())) {
            throw CommonProblem.CONFLICT.with("this agency signs for the city; let another do that first");
        }
        return sessions.withTransaction(session -> session.find(AgencyEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                        .chain(agency -> {
                            if (agency == null) {
                                throw CommonProblem.NOT_FOUND.with("there is no such agency");
                            }
                            if ((agency.revokedAt != null) == revoked) {
                                return Uni.createFrom().item(agency.toAgency());
                            }
                            agency.revokedAt = revoked ? Instant.now() : null;
                            agency.revocationReason = revoked ? reason.text() : null;
                            return changes.note(
                                            session,
                                            id,
                                            revoked ? AgencyChanges.Change.REVOKED : AgencyChanges.Change.REINSTATED,
                                            reason.text(),
                                            note,
                                            actor)
                                    .chain(() -> tellOthers(session, id, revoked))
                                    .chain(() -> outbox.add(
                                            session,
                                            Event.now(
                                                    revoked ? "agency.revoked" : "agency.reinstated",
                                                    id,
                                                    new JsonObject()
                                                            .put("agency", id)
                                                            .put("reason", reason.text()))))
                                    .replaceWith(agency::toAgency);
                        }))
                .invoke(() -> changed.fire(new AgencyChanged(id)));
    }

    private Uni<Void> tellOthers(Mutiny.Session session, String id, boolean revoked) {
        Uni<Void> told = Uni.createFrom().voidItem();
        for (OnStanding other : others) {
            told = told.chain(() -> other.changed(session, id, revoked));
        }
        return told;
    }

    /** @throws RuntimeException {@link IdentityProblem#AGENCY_REVOKED} */
    static void mayAct(Agency agency) {
        if (agency.isRevoked()) {
            throw IdentityProblem.AGENCY_REVOKED.with("a registrar has revoked this agency");
        }
    }
}
