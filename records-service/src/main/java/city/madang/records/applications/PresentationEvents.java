package city.madang.records.applications;

import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.Poison;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import city.madang.kit.worker.OffLoop;
import city.madang.records.JsonBody;
import city.madang.records.applications.course.Happening;
import city.madang.records.catalogue.Catalogue;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.text.ParseException;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What identity tells about an applicant's credentials. */
final class PresentationEvents {

    private PresentationEvents() {}

    @ApplicationScoped
    static class Requested implements EventHandler {

        private final Saga saga;

        Requested(Saga saga) {
            this.saga = saga;
        }

        @Override
        public String type() {
            return "presentation.requested";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            String transaction = required(event, "transaction");
            String key = identityKey(event);
            return saga.lock(session, event.data().getString("application")).chain(application -> {
                keep(application, key);
                return saga.take(session, application, new Happening.PresentationRequested(transaction));
            });
        }
    }

    /** The agency may not ask for what its service needs: the application cannot be granted. */
    @ApplicationScoped
    static class Refused implements EventHandler {

        private final Saga saga;

        Refused(Saga saga) {
            this.saga = saga;
        }

        @Override
        public String type() {
            return "presentation.refused";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            return saga.lock(session, event.data().getString("application"))
                    .chain(application -> saga.take(session, application, new Happening.PresentationRefused()));
        }
    }

    @ApplicationScoped
    static class Waived implements EventHandler {

        private final Saga saga;

        Waived(Saga saga) {
            this.saga = saga;
        }

        @Override
        public String type() {
            return "presentation.waived";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            String key = identityKey(event);
            return saga.lock(session, event.data().getString("application")).chain(application -> {
                keep(application, key);
                return saga.take(session, application, new Happening.PresentationWaived());
            });
        }
    }

    @ApplicationScoped
    static class Verified implements EventHandler {

        private final Saga saga;
        private final Catalogue catalogue;
        private final HandoverStore handovers;

        Verified(Saga saga, Catalogue catalogue, HandoverStore handovers) {
            this.saga = saga;
            this.catalogue = catalogue;
            this.handovers = handovers;
        }

        @Override
        public String type() {
            return "presentation.verified";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            String transaction = required(event, "transaction");
            @Nullable JsonObject named = event.data().getJsonObject("handover");
            if (named == null) {
                throw new Poison("presentation.verified without handover");
            }
            HandoverStore.Reference handover;
            try {
                handover = HandoverStore.Reference.of(named);
            } catch (RuntimeException malformed) {
                throw new Poison("presentation.verified with a malformed handover", malformed);
            }
            return saga.lock(session, event.data().getString("application"))
                    .chain(application -> application.presented != null || application.outcome != null
                            ? spend(session, handover)
                            : read(session, application, handover)
                                    .chain(() -> saga.take(
                                            session, application, new Happening.PresentationVerified(transaction))));
        }

        /** Turns the claims into facts; the blob is deleted after the commit, the key is destroyed with it. */
        private Uni<Void> read(Mutiny.Session session, Application application, HandoverStore.Reference handover) {
            String key = application.handoverKey;
            String form = application.form;
            if (key == null || form == null) {
                throw new Poison("application " + application.id + " takes no handover");
            }
            return catalogue
                    .version(session, application.service, application.serviceVersion)
                    .chain(definition -> OffLoop.call(() -> {
                        JsonObject claims = open(handovers, handover, key);
                        return definition.facts(JsonBody.parse(form), JsonBody.parse(claims.encode()));
                    }))
                    .invoke(facts -> {
                        application.facts = new JsonObject()
                                .mergeIn(new JsonObject(java.util.Map.copyOf(facts)))
                                .encode();
                        application.handoverKey = null;
                    })
                    .chain(() -> spend(session, handover));
        }

        /** What was read, or will never be, is deleted. */
        private static Uni<Void> spend(Mutiny.Session session, HandoverStore.Reference handover) {
            return session.createNativeQuery(
                            "insert into handover_spent (id, sha256) values (?1, ?2) on conflict do nothing")
                    .setParameter(1, UUID.fromString(handover.id()))
                    .setParameter(2, handover.sha256())
                    .executeUpdate()
                    .replaceWithVoid();
        }

        private static JsonObject open(HandoverStore store, HandoverStore.Reference handover, String key) {
            try {
                return HandoverKey.decrypt(store.get(handover), key);
            } catch (IllegalArgumentException unreadable) {
                throw new Poison("the handover cannot be read", unreadable);
            }
        }
    }

    private static void keep(Application application, String key) {
        if (application.identityKey == null && !application.identityReady && application.outcome == null) {
            application.identityKey = key;
        }
    }

    private static String required(Event event, String member) {
        @Nullable String value = event.data().getString(member);
        if (value == null || value.isBlank() || value.length() > 200) {
            throw new Poison(event.type() + " without " + member);
        }
        return value;
    }

    private static String identityKey(Event event) {
        @Nullable JsonObject key = event.data().getJsonObject("handover_key");
        try {
            if (key == null) {
                throw new Poison(event.type() + " without handover_key");
            }
            ECKey parsed = ECKey.parse(key.encode());
            if (!Curve.P_256.equals(parsed.getCurve()) || parsed.isPrivate()) {
                throw new Poison(event.type() + " with a key that is not a public P-256 key");
            }
            return parsed.toJSONString();
        } catch (ParseException malformed) {
            throw new Poison(event.type() + " with a malformed key", malformed);
        }
    }
}
