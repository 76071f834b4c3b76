package city.madang.payment.accounts;

import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.Poison;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.regex.Pattern;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Gives every agency an account into which its bills are paid. */
@ApplicationScoped
public class AgencyRegistered implements EventHandler {

    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{1,30}");

    private final Accounts accounts;

    AgencyRegistered(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public String type() {
        return "agency.registered";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        @Nullable String agency = event.data().getString("agency");
        if (agency == null || !SLUG.matcher(agency).matches()) {
            throw new Poison("agency.registered names no agency");
        }
        return accounts.openReceiving(session, agency);
    }
}
