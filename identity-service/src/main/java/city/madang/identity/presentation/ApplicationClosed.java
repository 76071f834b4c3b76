package city.madang.identity.presentation;

import city.madang.identity.applications.Applications;
import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.Outbox;
import city.madang.kit.events.Poison;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * {@code application.closed}: an application that ended without a grant needs no presentation and no key any more. What had been asked
 * for is withdrawn, which {@code presentation.withdrawn} tells.
 */
@ApplicationScoped
public class ApplicationClosed implements EventHandler {

    private final Applications applications;
    private final Outbox outbox;

    ApplicationClosed(Applications applications, Outbox outbox) {
        this.applications = applications;
        this.outbox = outbox;
    }

    @Override
    public String type() {
        return "application.closed";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        UUID application;
        try {
            application = UUID.fromString(event.data().getString("application"));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException malformed) {
            throw new Poison("malformed application.closed", malformed);
        }
        return session.createNativeQuery(
                        "update presentation set state = 'expired', encryption_key = null, transaction_data = null,"
                                + " dcql_query = '' where application = ?1 and state = 'requested' returning id",
                        UUID.class)
                .setParameter(1, application)
                .getResultList()
                .chain(withdrawn -> tell(session, application, withdrawn))
                .chain(() -> applications.destroyKey(session, application));
    }

    private Uni<Void> tell(Mutiny.Session session, UUID application, List<UUID> withdrawn) {
        return Multi.createFrom()
                .iterable(withdrawn)
                .onItem()
                .transformToUniAndConcatenate(transaction -> outbox.add(
                        session,
                        Event.now(
                                "presentation.withdrawn",
                                application.toString(),
                                new JsonObject()
                                        .put("application", application.toString())
                                        .put("transaction", transaction.toString()))))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
