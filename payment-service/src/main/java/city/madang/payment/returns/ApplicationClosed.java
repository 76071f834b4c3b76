package city.madang.payment.returns;

import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.Poison;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@code application.closed}: nothing was given for the fee, so it is not to be paid, or goes back. */
@ApplicationScoped
public class ApplicationClosed implements EventHandler {

    private static final int LONGEST = 64;

    @Override
    public String type() {
        return "application.closed";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        return session.createNativeQuery(
                        "insert into fee_return (application, agency) values (?1, ?2) on conflict do nothing")
                .setParameter(1, text(event.data(), "application"))
                .setParameter(2, text(event.data(), "agency"))
                .executeUpdate();
    }

    private static String text(JsonObject data, String member) {
        if (data.getValue(member) instanceof String text && !text.isBlank() && text.length() <= LONGEST) {
            return text;
        }
        throw new Poison("application.closed without " + member);
    }
}
