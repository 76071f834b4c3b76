package city.madang.identity.applications;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An application to a public service, as far as this service is concerned.
 *
 * @param applicant the citizen's {@code sub}
 * @param recordsKey public JWK to encrypt to for the records service
 * @param ownKey private JWK to decrypt what comes back; null once destroyed
 */
public record Application(
        UUID id, String service, String agency, String applicant, JsonObject recordsKey, @Nullable String ownKey) {}
