package city.madang.identity.presentation;

import city.madang.identity.applications.Applications;
import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.Poison;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@code application.decided}: a refused application needs no presentation and no key any more. */
@ApplicationScoped
public class ApplicationDecided implements EventHandler {

    private final Applications applications;

    ApplicationDecided(Applications applications) {
        this.applications = applications;
    }

    @Override
    public String type() {
        return "application.decided";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        if (!"refused".equals(event.data().getString("decision"))) {
            return Uni.createFrom().voidItem();
        }
        UUID application;
        try {
            application = UUID.fromString(event.data().getString("application"));
        } catch (IllegalArgumentException | NullPointerException malformed) {
            throw new Poison("malformed application.decided", malformed);
        }
        return session.createNativeQuery(
                        "update presentation set state = 'expired', encryption_key = null, transaction_data = null,"
                                + " dcql_query = '' where application = ?1 and state = 'requested'")
                .setParameter(1, application)
                .executeUpdate()
                .chain(() -> applications.destroyKey(session, application));
    }
}
