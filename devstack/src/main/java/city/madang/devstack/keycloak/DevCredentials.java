package city.madang.devstack.keycloak;

import city.madang.devstack.process.Secrets;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Generated passwords and client secrets of one stack: {@code {"users": {"minji": "…"}, "one_time_codes": {"minji": "…"},
 * "clients": {"city-hall": "…"}, "keycloak_admin": {"admin": "…"}}}, mode 600. The key of one-time codes is text, whose
 * bytes are the key of RFC 6238.
 */
public final class DevCredentials {

    /** Name of Keycloak's administrator. */
    public static final String ADMIN = "admin";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final ObjectNode content;

    private DevCredentials(Path file, ObjectNode content) {
        this.file = file;
        this.content = content;
    }

    /** Reads the file, adding what {@link People} are missing in it. */
    public static DevCredentials open(Path file) {
        var users = People.ALL.stream().map(People.Person::name).toList();
        try {
            var content =
                    Files.exists(file) ? (ObjectNode) JSON.readTree(Files.readString(file)) : JSON.createObjectNode();
            var before = content.deepCopy();
            users.forEach(name -> complete(content.withObjectProperty("users"), name));
            users.stream()
                    .filter(People.WITH_ONE_TIME_CODE::contains)
                    .forEach(name -> complete(content.withObjectProperty("one_time_codes"), name));
            People.CONFIDENTIAL_CLIENTS.forEach(name -> complete(content.withObjectProperty("clients"), name));
            complete(content.withObjectProperty("keycloak_admin"), ADMIN);
            if (!content.equals(before)) {
                Secrets.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
            }
            return new DevCredentials(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where they are written. */
    public Path file() {
        return file;
    }

    /** Password of a user. */
    public String user(String name) {
        return text(content.path("users").path(name), name);
    }

    /** Key of a user's one-time codes. */
    public String oneTimeCode(String name) {
        return text(content.path("one_time_codes").path(name), name);
    }

    /** Secret of a confidential client. */
    public String client(String name) {
        return text(content.path("clients").path(name), name);
    }

    /** Password of Keycloak's administrator. */
    public String admin() {
        return text(content.path("keycloak_admin").path(ADMIN), ADMIN);
    }

    private static String text(JsonNode node, String name) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException("no credentials for " + name);
        }
        return node.textValue();
    }

    private static void complete(ObjectNode node, String name) {
        if (!node.has(name)) {
            node.put(name, Secrets.password());
        }
    }
}
