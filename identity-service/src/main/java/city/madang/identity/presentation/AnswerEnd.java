package city.madang.identity.presentation;

import city.madang.identity.applications.Application;
import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.secrets.AtRest;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.events.Event;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Ends a request with the answer that came first: what was disclosed, or that nothing will be. */
@ApplicationScoped
public class AnswerEnd {

    private final AtRest atRest;
    private final HandoverStore handovers;
    private final Requests requests;
    private final IdentitySettings settings;

    AnswerEnd(AtRest atRest, HandoverStore handovers, Requests requests, IdentitySettings settings) {
        this.atRest = atRest;
        this.handovers = handovers;
        this.requests = requests;
        this.settings = settings;
    }

    /** What is kept of a good answer: claims for the agency, or a reference to what was encrypted for another service. */
    private record Kept(@Nullable String result, HandoverStore.@Nullable Reference handover) {}

    /** @param sha256 of the answer as it was sent */
    Uni<Answers.Outcome> take(Asked asked, Map<String, Object> credentials, String sha256) {
        return OffLoop.call(() -> keep(asked, StrictJson.write(credentials)))
                .chain(kept -> take(asked, kept, sha256).chain(outcome -> discardUnlessTaken(outcome, kept)));
    }

    /** Blocking. */
    private Kept keep(Asked asked, String credentials) {
        Application application = asked.application();
        return application == null
                ? new Kept(atRest.seal(asked.id(), AtRest.Kind.RESULT, credentials), null)
                : new Kept(
                        null,
                        handovers.put(HandoverKey.encrypt(new JsonObject(credentials), application.recordsKey())));
    }

    private Uni<Answers.Outcome> take(Asked asked, Kept kept, String sha256) {
        Application application = asked.application();
        HandoverStore.Reference handover = kept.handover();
        Instant now = Instant.now();
        return application == null || handover == null
                ? end(
                        asked,
                        sha256,
                        now,
                        code -> new Requests.Ending(
                                PresentationState.VERIFIED,
                                sha256,
                                kept.result(),
                                now.plus(settings.presentation().lifetime()),
                                null,
                                code,
                                null))
                : end(
                        asked,
                        sha256,
                        now,
                        code -> new Requests.Ending(
                                PresentationState.VERIFIED,
                                sha256,
                                null,
                                null,
                                null,
                                code,
                                verified(application.id(), asked.id(), handover)));
    }

    /** The wallet says that its holder declined (OpenID4VP 1.0 §8.5); an applicant may still change her mind. */
    Uni<Answers.Outcome> decline(Asked asked, Submission.Declined declined, String sha256) {
        if (!asked.walletState().equals(declined.state())) {
            return Uni.createFrom().item(new Answers.Outcome.Refused("state is missing or of another request"));
        }
        Instant now = Instant.now();
        if (asked.application() != null) {
            return requests.declined(asked.id(), declined.error(), now)
                    .chain(noted -> noted
                            ? Uni.createFrom().item(new Answers.Outcome.Taken(null))
                            : closed(asked.id(), sha256));
        }
        return end(
                asked,
                sha256,
                now,
                code -> new Requests.Ending(
                        PresentationState.DECLINED, sha256, null, null, declined.error(), code, null));
    }

    /** @param ending how, given the hash of the code that opens the result */
    private Uni<Answers.Outcome> end(
            Asked asked, String sha256, Instant now, Function<String, Requests.Ending> ending) {
        String code = Secrets.next();
        return requests.end(asked.id(), ending.apply(Sha256.hex(code)), now)
                .chain(ended -> ended.isPresent()
                        ? Uni.createFrom().item(new Answers.Outcome.Taken(wayBack(asked.id(), ended.get(), code)))
                        : closed(asked.id(), sha256));
    }

    private Uni<Answers.Outcome> closed(UUID id, String sha256) {
        return requests.find(id).map(found -> Answers.Outcome.Closed.to(found.orElse(null), sha256));
    }

    /**
     * Where the wallet sends the browser, with a fresh code that opens the result (OpenID4VP 1.0 §8.2, §14.2): to the agency; or,
     * if the browser began at this service's page, by way of that page, which knows it by its cookie.
     */
    private @Nullable String wayBack(UUID id, Requests.Ended ended, String code) {
        String redirect = ended.redirectUri();
        if (redirect == null) {
            return null;
        }
        return ended.byOwnPage()
                ? settings.issuer() + "/present/" + id + "/return?response_code=" + code
                : redirect + "#response_code=" + code;
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
