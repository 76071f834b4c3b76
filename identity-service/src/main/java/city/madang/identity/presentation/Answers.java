package city.madang.identity.presentation;

import city.madang.identity.applications.Application;
import city.madang.identity.applications.Applications;
import city.madang.identity.certificates.TrustAnchor;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.sdjwt.SdJwtPresentation;
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
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Takes the answer to a request, once: decrypts it, checks it, and passes on what was disclosed. */
@ApplicationScoped
public class Answers {

    private final Applications applications;
    private final TypeIssuers issuers;
    private final TrustAnchor trust;
    private final HandoverStore handovers;
    private final Outbox outbox;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    Answers(
            Applications applications,
            TypeIssuers issuers,
            TrustAnchor trust,
            HandoverStore handovers,
            Outbox outbox,
            Mutiny.SessionFactory sessions,
            IdentitySettings settings) {
        this.applications = applications;
        this.issuers = issuers;
        this.trust = trust;
        this.handovers = handovers;
        this.outbox = outbox;
        this.sessions = sessions;
        this.settings = settings;
    }

    /** What became of an answer. */
    sealed interface Outcome {
        record Taken() implements Outcome {}

        /** Unknown, expired, or answered before. */
        record Closed() implements Outcome {}

        /** Something about it is wrong; the request stays open. */
        record Refused(String why) implements Outcome {}
    }

    private record Open(String encryptionKey, AnswerCheck check, @Nullable Application application) {}

    /** What is kept of a good answer: claims for the agency, or a reference to what was encrypted for another service. */
    private record Kept(@Nullable String result, HandoverStore.@Nullable Reference handover) {}

    Uni<Outcome> take(UUID id, String response) {
        return sessions.withSession(session -> open(session, id)).chain(open -> {
            if (open == null) {
                return Uni.createFrom().item(new Outcome.Closed());
            }
            return OffLoop.call(() -> keep(open, response))
                    .chain(kept -> sessions.withTransaction(session -> finish(session, id, kept))
                            .chain(outcome -> discardUnlessTaken(outcome, kept)))
                    .onFailure(Malformed.class)
                    .recoverWithItem(refused -> new Outcome.Refused(String.valueOf(refused.getMessage())));
        });
    }

    private Uni<@Nullable Open> open(Mutiny.Session session, UUID id) {
        return session.find(PresentationEntity.class, id).chain(found -> {
            if (found == null || !found.isOpenAt(Instant.now()) || found.encryptionKey == null) {
                return Uni.createFrom().nullItem();
            }
            String key = found.encryptionKey;
            var query = found.dcql();
            return issuers.of(session, query.types()).chain(allowed -> {
                AnswerCheck check = new AnswerCheck(
                        query,
                        new SdJwtPresentation.Binding(found.nonce, found.clientId),
                        found.walletState,
                        allowed,
                        trust::leafOf);
                return found.application == null
                        ? Uni.createFrom().item(new Open(key, check, null))
                        : applications
                                .find(session, found.application)
                                .map(application -> new Open(key, check, application.orElseThrow()));
            });
        });
    }

    /** Blocking. */
    private Kept keep(Open open, String response) throws Malformed {
        String claims = StrictJson.write(
                open.check().claims(ResponseKey.decrypt(response, open.encryptionKey()), Instant.now()));
        Application application = open.application();
        return application == null
                ? new Kept(claims, null)
                : new Kept(null, handovers.put(HandoverKey.encrypt(new JsonObject(claims), application.recordsKey())));
    }

    private Uni<Outcome> finish(Mutiny.Session session, UUID id, Kept kept) {
        return session.find(PresentationEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                .chain(found -> {
                    Instant now = Instant.now();
                    if (found == null || !found.isOpenAt(now)) {
                        return Uni.createFrom().item(new Outcome.Closed());
                    }
                    found.end(PresentationState.VERIFIED);
                    found.result = kept.result();
                    UUID application = found.application;
                    HandoverStore.Reference handover = kept.handover();
                    if (application == null || handover == null) {
                        found.expiresAt = now.plus(settings.presentation().lifetime());
                        return Uni.createFrom().item(new Outcome.Taken());
                    }
                    return outbox.add(session, verified(application, id, handover))
                            .replaceWith(new Outcome.Taken());
                });
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

    private Uni<Outcome> discardUnlessTaken(Outcome outcome, Kept kept) {
        HandoverStore.Reference handover = kept.handover();
        if (handover == null || outcome instanceof Outcome.Taken) {
            return Uni.createFrom().item(outcome);
        }
        return OffLoop.call(() -> {
            handovers.delete(handover);
            return outcome;
        });
    }

    /** The wallet says that its holder declined (OpenID4VP 1.0 §8.5); an applicant may still change her mind. */
    Uni<Outcome> decline(UUID id, @Nullable String state) {
        return sessions.withTransaction(
                session -> session.find(PresentationEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                        .map(found -> {
                            if (found == null || !found.isOpenAt(Instant.now())) {
                                return new Outcome.Closed();
                            }
                            if (!found.walletState.equals(state)) {
                                return new Outcome.Refused("state is missing or of another request");
                            }
                            if (found.application == null) {
                                found.end(PresentationState.DECLINED);
                            }
                            return new Outcome.Taken();
                        }));
    }
}
