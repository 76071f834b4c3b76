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
            @Nullable String application = event.data().getString("application");
            if (application == null) {
                return Uni.createFrom().voidItem();
            }
            @Nullable Long amount = event.data().getLong("amount");
            if (amount == null) {
                throw new Poison("bill.created without amount");
            }
            return saga.lock(session, application)
                    .chain(found -> saga.take(session, found, new Happening.BillCreated(bill(event), amount)));
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
            @Nullable String application = event.data().getString("application");
            if (application == null) {
                return Uni.createFrom().voidItem();
            }
            return saga.lock(session, application)
                    .chain(found -> saga.take(session, found, new Happening.BillPaid(bill(event))));
        }
    }

    private static String bill(Event event) {
        @Nullable String bill = event.data().getString("bill");
        if (bill == null || bill.isBlank() || bill.length() > 100) {
            throw new Poison(event.type() + " without bill");
        }
        return bill;
    }
}
