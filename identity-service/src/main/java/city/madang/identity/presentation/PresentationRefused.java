package city.madang.identity.presentation;

import city.madang.kit.events.Event;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** {@code presentation.refused}: an application's agency may not ask for what its service needs, so nothing will be presented. */
final class PresentationRefused {

    private static final int LONGEST_REASON = 500;

    private PresentationRefused() {}

    /** @param why names types and claims, nothing of a person */
    static Event event(UUID application, String why) {
        return Event.now(
                "presentation.refused",
                application.toString(),
                new JsonObject()
                        .put("application", application.toString())
                        .put("reason", why.length() <= LONGEST_REASON ? why : why.substring(0, LONGEST_REASON)));
    }
}
