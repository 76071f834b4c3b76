package city.madang.records.applications;

import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.Poison;
import city.madang.records.applications.course.Happening;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What payment tells about the bill of an application. A bill without an application is none of ours. */
final class BillEvents {

    private BillEvents() {}

    @ApplicationScoped
    static class Created implements EventHandler {

        private final Saga saga;

        Created(Saga saga) {
            this.saga = saga;
        }

        @Override
        public String type() {
            return "bill.created";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            return saga.takeIfOurs(session, event, Created::told);
        }

        private static Happening.Told told(Event event) {
            @Nullable Long amount = event.data().getLong("amount");
            if (amount == null) {
                throw new Poison("bill.created without amount");
            }
            return new Happening.BillCreated(Saga.reference(event, "bill"), amount);
        }
    }

    @ApplicationScoped
    static class Paid implements EventHandler {

        private final Saga saga;

        Paid(Saga saga) {
            this.saga = saga;
        }

        @Override
        public String type() {
            return "bill.paid";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            return saga.takeIfOurs(session, event, paid -> new Happening.BillPaid(Saga.reference(paid, "bill")));
        }
    }

    @ApplicationScoped
    static class Cancelled implements EventHandler {

        private final Saga saga;

        Cancelled(Saga saga) {
            this.saga = saga;
        }

        @Override
        public String type() {
            return "bill.cancelled";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            return saga.takeIfOurs(
                    session, event, cancelled -> new Happening.BillCancelled(Saga.reference(cancelled, "bill")));
        }
    }

    @ApplicationScoped
    static class Returned implements EventHandler {

        private final Saga saga;

        Returned(Saga saga) {
            this.saga = saga;
        }

        @Override
        public String type() {
            return "fee.returned";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            return saga.takeIfOurs(
                    session, event, returned -> new Happening.FeeReturned(Saga.reference(returned, "bill")));
        }
    }
}
