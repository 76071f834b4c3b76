package city.madang.identity.presentation;

import city.madang.identity.applications.Application;
import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Ends a request with the answer that came first: what was disclosed, or that nothing will be. */
@ApplicationScoped
public class AnswerEnd {

    private final AtRest atRest;
    private final HandoverStore handovers;
    private final Outbox outbox;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    AnswerEnd(
            AtRest atRest,
            HandoverStore handovers,
            Outbox outbox,
            Mutiny.SessionFactory sessions,
            IdentitySettings settings) {
        this.atRest = atRest;
        this.handovers = handovers;
        this.outbox = outbox;
        this.sessions = sessions;
        this.settings = settings;
    }

    /** What is kept of a good answer: claims for the agency, or a reference to what was encrypted for another service. */
    private record Kept(@Nullable String result, HandoverStore.@Nullable Reference handover) {}

    /**
     * @param application that the answer is for; null if it is for the agency itself
     * @param sha256 of the answer as it was sent
     */
    Uni<Answers.Outcome> take(
            UUID id, Map<String, Object> credentials, @Nullable Application application, String sha256) {
        return OffLoop.call(() -> keep(id, StrictJson.write(credentials), application))
                .chain(kept -> sessions.withTransaction(session -> take(session, id, kept, sha256))
                        .chain(outcome -> discardUnlessTaken(outcome, kept)));
    }

    /** Blocking. */
    private Kept keep(UUID id, String credentials, @Nullable Application application) {
        return application == null
                ? new Kept(atRest.seal(id, AtRest.Kind.RESULT, credentials), null)
                : new Kept(
                        null,
                        handovers.put(HandoverKey.encrypt(new JsonObject(credentials), application.recordsKey())));
    }

    private Uni<Answers.Outcome> take(Mutiny.Session session, UUID id, Kept kept, String sha256) {
        return session.find(PresentationEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                .chain(found -> {
                    Instant now = Instant.now();
                    if (found == null || !found.isOpenAt(now)) {
                        return Uni.createFrom().item(Answers.Outcome.Closed.to(found, sha256));
                    }
                    found.end(PresentationState.VERIFIED);
                    found.answerSha256 = sha256;
                    found.result = kept.result();
                    UUID application = found.application;
                    HandoverStore.Reference handover = kept.handover();
                    if (application == null || handover == null) {
                        found.expiresAt = now.plus(settings.presentation().lifetime());
                        return Uni.createFrom().item(new Answers.Outcome.Taken(wayBack(found)));
                    }
                    return outbox.add(session, verified(application, id, handover))
                            .replaceWith(new Answers.Outcome.Taken(null));
                });
    }

    /** The wallet says that its holder declined (OpenID4VP 1.0 §8.5); an applicant may still change her mind. */
    Uni<Answers.Outcome> decline(UUID id, Submission.Declined declined, String sha256) {
        return sessions.withTransaction(
                session -> session.find(PresentationEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                        .map(found -> {
                            if (found == null || !found.isOpenAt(Instant.now())) {
                                return Answers.Outcome.Closed.to(found, sha256);
                            }
                            if (!found.walletState.equals(declined.state())) {
                                return new Answers.Outcome.Refused("state is missing or of another request");
                            }
                            found.walletError = declined.error();
                            if (found.application == null) {
                                found.end(PresentationState.DECLINED);
                                found.answerSha256 = sha256;
                            }
                            return new Answers.Outcome.Taken(wayBack(found));
                        }));
    }

    /**
     * Where the wallet sends the browser, with a fresh code that opens the result (OpenID4VP 1.0 §8.2, §14.2): to the agency; or,
     * if the browser began at this service's page, by way of that page, which knows it by its cookie.
     */
    private @Nullable String wayBack(PresentationEntity ended) {
        String redirect = ended.redirectUri;
        if (redirect == null) {
            return null;
        }
        String code = Secrets.next();
        ended.responseCodeSha256 = Sha256.hex(code);
        return ended.browserSha256 == null
                ? redirect + "#response_code=" + code
                : settings.issuer() + "/present/" + ended.id + "/return?response_code=" + code;
    }

    private static Event verified(UUID application, UUID id, HandoverStore.Reference handover) {
        return Event.now(
                "presentation.verified",
                application.toString(),
                new JsonObject()
                        .put("application", application.toString())
                        .put("transaction", id.toString())
                        .put("handover", handover.toJson()));
    }

    private Uni<Answers.Outcome> discardUnlessTaken(Answers.Outcome outcome, Kept kept) {
        HandoverStore.Reference handover = kept.handover();
        if (handover == null || outcome instanceof Answers.Outcome.Taken) {
            return Uni.createFrom().item(outcome);
        }
        return OffLoop.call(() -> {
            handovers.delete(handover);
            return outcome;
        });
    }
}
