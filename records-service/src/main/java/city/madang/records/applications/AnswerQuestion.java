package city.madang.records.applications;

import city.madang.kit.caller.Caller;
import city.madang.kit.worker.OffLoop;
import city.madang.records.applications.course.Happening;
import city.madang.records.catalogue.definition.FormError;
import city.madang.records.catalogue.definition.FormSchema;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The applicant answers what an officer asked, in words and perhaps with a form that is filled in anew. */
@ApplicationScoped
public class AnswerQuestion {

    private final Mutiny.SessionFactory sessions;
    private final ActOnApplication act;
    private final Saga saga;

    AnswerQuestion(Mutiny.SessionFactory sessions, ActOnApplication act, Saga saga) {
        this.sessions = sessions;
        this.act = act;
        this.saga = saga;
    }

    Uni<Application> answer(Caller.Citizen citizen, UUID id, String answer, @Nullable JsonNode form) {
        return sessions.withTransaction(session -> ActOnApplication.lock(session, id, ActOnApplication.of(citizen))
                .chain(application -> act.act(
                                session, application, new Happening.Answer(), Entry.Actor.APPLICANT, answer)
                        .chain(answered ->
                                form == null ? Uni.createFrom().item(answered) : refill(session, answered, form))));
    }

    private Uni<Application> refill(Mutiny.Session session, Application application, JsonNode form) {
        String facts = application.facts;
        return saga.definition(session, application)
                .chain(definition -> OffLoop.call(() -> {
                    List<FormError> errors = FormSchema.of(definition.form()).check(form);
                    SubmitApplication.refuse(errors);
                    Map<String, String> known = new HashMap<>();
                    if (facts != null) {
                        new JsonObject(facts)
                                .forEach(fact -> known.put(fact.getKey(), String.valueOf(fact.getValue())));
                    }
                    return definition.refilled(known, form);
                }))
                .invoke(refilled -> {
                    application.form = form.toString();
                    application.facts = new JsonObject(Map.copyOf(refilled)).encode();
                })
                .replaceWith(application);
    }
}
