package city.madang.records.applications;

import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.Poison;
import city.madang.records.applications.course.Happening;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What identity tells about the credential of a record. An offer without an application is none of ours. */
final class CredentialEvents {

    private CredentialEvents() {}

    @ApplicationScoped
    static class Offered implements EventHandler {

        private final Saga saga;

        Offered(Saga saga) {
            this.saga = saga;
        }

        @Override
        public String type() {
            return "credential.offered";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            @Nullable String application = event.data().getString("application");
            if (application == null) {
                return Uni.createFrom().voidItem();
            }
            return saga.lock(session, application)
                    .chain(found -> saga.take(session, found, new Happening.CredentialOffered(offer(event))));
        }
    }

    @ApplicationScoped
    static class Issued implements EventHandler {

        private final Saga saga;

        Issued(Saga saga) {
            this.saga = saga;
        }

        @Override
        public String type() {
            return "credential.issued";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            @Nullable String application = event.data().getString("application");
            if (application == null) {
                return Uni.createFrom().voidItem();
            }
            return saga.lock(session, application)
                    .chain(found -> saga.take(session, found, new Happening.CredentialIssued(offer(event))));
        }
    }

    private static String offer(Event event) {
        @Nullable String offer = event.data().getString("offer");
        if (offer == null || offer.isBlank() || offer.length() > 100) {
            throw new Poison(event.type() + " without offer");
        }
        return offer;
    }
}
