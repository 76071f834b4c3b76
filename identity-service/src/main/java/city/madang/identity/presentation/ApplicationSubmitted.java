package city.madang.identity.presentation;

import city.madang.identity.applications.Application;
import city.madang.identity.applications.Applications;
import city.madang.identity.jose.Malformed;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.trust.Rights;
import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.NotYet;
import city.madang.kit.events.Outbox;
import city.madang.kit.events.Poison;
import city.madang.kit.handover.HandoverKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * {@code application.submitted}: the applicant is asked for the credentials that the service needs, if it needs any and its agency may
 * ask for them.
 */
@ApplicationScoped
public class ApplicationSubmitted implements EventHandler {

    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private final Applications applications;
    private final Presentations presentations;
    private final Outbox outbox;
    private final IdentitySettings settings;
    private final Rights rights;

    ApplicationSubmitted(
            Applications applications,
            Presentations presentations,
            Outbox outbox,
            IdentitySettings settings,
            Rights rights) {
        this.rights = rights;
        this.settings = settings;
        this.applications = applications;
        this.presentations = presentations;
        this.outbox = outbox;
    }

    @Override
    public String type() {
        return "application.submitted";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        Application application = read(event.data());
        @Nullable Asking asking = asking(event.data());
        if (asking == null) {
            return applications
                    .add(session, application)
                    .chain(() -> outbox.add(session, tell("presentation.waived", application, null)));
        }
        return rights.overAsking(session, application.agency(), asking.query())
                .chain(over -> over.isPresent()
                        ? outbox.add(session, PresentationRefused.event(application.id(), over.get()))
                        : applications.add(session, application).chain(() -> request(session, application, asking)));
    }

    private @Nullable Asking asking(JsonObject data) {
        try {
            @Nullable JsonObject dcql = data.getJsonObject("dcql_query");
            return dcql == null ? null : Asking.of(dcql.getMap(), lifetime(data));
        } catch (Malformed | ClassCastException invalid) {
            throw new Poison(
                    "application.submitted with a query that cannot be asked: " + invalid.getMessage(), invalid);
        }
    }

    /** As long as the application waits, which its service says; older events do not. */
    private Duration lifetime(JsonObject data) {
        @Nullable String expires = data.getString("expires_at");
        if (expires == null) {
            return settings.presentation().applicationLifetime();
        }
        try {
            Duration left = Duration.between(Instant.now(), Instant.parse(expires));
            // what is over by now is asked for a moment, and then expires like everything else
            return left.compareTo(SHORTEST) > 0 ? left : SHORTEST;
        } catch (DateTimeException malformed) {
            throw new Poison("application.submitted with a malformed expires_at", malformed);
        }
    }

    private Uni<Void> request(Mutiny.Session session, Application application, Asking asking) {
        return presentations
                .create(session, application.agency(), asking, application)
                .map(created -> created.orElseThrow(() -> new NotYet("agency " + application.agency())))
                .chain(shown -> outbox.add(session, tell("presentation.requested", application, shown.id())));
    }

    private static Application read(JsonObject data) {
        try {
            String key = HandoverKey.generate();
            JsonObject recordsKey = data.getJsonObject("handover_key");
            // fails now, and not when the applicant has presented
            HandoverKey.encrypt(new JsonObject(), recordsKey);
            if (recordsKey.containsKey("d")) {
                throw new Poison("application.submitted with a private handover key");
            }
            return new Application(
                    UUID.fromString(data.getString("application")),
                    java.util.Objects.requireNonNull(data.getString("service")),
                    java.util.Objects.requireNonNull(data.getString("agency")),
                    java.util.Objects.requireNonNull(data.getString("applicant")),
                    recordsKey,
                    key);
        } catch (IllegalArgumentException | ClassCastException | NullPointerException malformed) {
            throw new Poison("malformed application.submitted", malformed);
        }
    }

    private static Event tell(String type, Application application, @Nullable UUID transaction) {
        JsonObject data = new JsonObject()
                .put("application", application.id().toString())
                .put("handover_key", HandoverKey.publicJwk(String.valueOf(application.ownKey())));
        if (transaction != null) {
            data.put("transaction", transaction.toString());
        }
        return Event.now(type, application.id().toString(), data);
    }
}
