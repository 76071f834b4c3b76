package city.madang.records;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The services that ship as data. */
public final class ShippedServices {

    private ShippedServices() {}

    public static JsonObject definition(String name) {
        try (InputStream file = ShippedServices.class.getResourceAsStream("/services/" + name + ".json")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return new JsonObject(text.replace("{origin}", "https://localhost:8443"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
