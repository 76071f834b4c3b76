package city.madang.records.applications;

import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.records.applications.course.Happening;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;

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
            return saga.takeIfOurs(
                    session, event, offered -> new Happening.CredentialOffered(Saga.reference(offered, "offer")));
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
            return saga.takeIfOurs(
                    session, event, issued -> new Happening.CredentialIssued(Saga.reference(issued, "offer")));
        }
    }

    /** It cannot be issued and never will be: the record that it belongs to is revoked. */
    @ApplicationScoped
    static class Failed implements EventHandler {

        private final Saga saga;

        Failed(Saga saga) {
            this.saga = saga;
        }

        @Override
        public String type() {
            return "credential.failed";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            return saga.takeIfOurs(session, event, failed -> new Happening.CredentialFailed());
        }
    }
}
