package city.madang.kit.events;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What a service does with one type of event. A CDI bean for each type.
 *
 * <p>Runs inside the transaction that also notes the event in the inbox, so its changes take effect exactly once however
 * often the event is delivered. Anything outside the database must wait for the commit or be harmless when repeated.
 *
 * <p>Fail with {@link NotYet} when something that must come first has not arrived, with {@link Poison} when the event can
 * never be taken; any other failure is retried a few times before the event goes to the dead-letter topic.
 */
public interface EventHandler {

    /** The event type taken, e.g. {@code bill.paid}. */
    String type();

    Uni<?> on(Event event, Mutiny.Session session);
}
