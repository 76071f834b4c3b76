package city.madang.records.log;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.erdtman.jcs.JsonCanonicalizer;

/** The one way in which a JSON text is written (RFC 8785), so that everyone who has its values gets the same hash. */
public final class CanonicalJson {

    private CanonicalJson() {}

    public static String of(JsonObject json) {
        return of(json.encode());
    }

    /** @param json valid JSON without duplicate members */
    public static String of(String json) {
        try {
            return new JsonCanonicalizer(json).getEncodedString();
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
