package city.madang.identity.offers;

import city.madang.identity.status.RevocationOrders;
import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.Poison;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * A record no longer stands: neither do the credentials of its application. What is on offer is withdrawn in the event's transaction,
 * what was issued is revoked soon after.
 */
final class RecordEnded {

    private RecordEnded() {}

    /** {@code record.superseded}: a renewal has taken its place, and the new credential is issued. */
    @ApplicationScoped
    static class Superseded implements EventHandler {

        private final RevocationOrders orders;

        Superseded(RevocationOrders orders) {
            this.orders = orders;
        }

        @Override
        public String type() {
            return "record.superseded";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            return ended(event, session, orders, RevocationOrders.Why.SUPERSEDED);
        }
    }

    /** {@code record.revoked}: it should not be relied upon. */
    @ApplicationScoped
    static class Revoked implements EventHandler {

        private final RevocationOrders orders;

        Revoked(RevocationOrders orders) {
            this.orders = orders;
        }

        @Override
        public String type() {
            return "record.revoked";
        }

        @Override
        public Uni<?> on(Event event, Mutiny.Session session) {
            return ended(event, session, orders, RevocationOrders.Why.RECORD_REVOKED);
        }
    }

    private static Uni<Void> ended(
            Event event, Mutiny.Session session, RevocationOrders orders, RevocationOrders.Why why) {
        UUID application;
        try {
            application = UUID.fromString(event.data().getString("application"));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException malformed) {
            throw new Poison("malformed " + event.type(), malformed);
        }
        return session.createNativeQuery("update credential_offer set state = 'withdrawn', claims = null"
                        + " where application = ?1 and state in ('offered', 'redeemed')")
                .setParameter(1, application)
                .executeUpdate()
                .chain(() -> orders.add(session, application, why));
    }
}
