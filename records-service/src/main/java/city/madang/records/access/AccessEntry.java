package city.madang.records.access;

import city.madang.records.log.CanonicalJson;
import city.madang.records.log.SaltedHash;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the log says of an access: commitments that only who has the salt (the owner, the agency) can open. Canonical JSON (RFC 8785). */
final class AccessEntry {

    private AccessEntry() {}

    static String of(UUID access, Held held, Reader reader, Grounds grounds, byte[] salt, Instant at) {
        return CanonicalJson.of(new JsonObject()
                .put("type", "access.logged")
                .put("access", SaltedHash.of(salt, access))
                .put("record", SaltedHash.of(salt, held.record()))
                .put("reader", SaltedHash.of(salt, reader(reader.kind(), reader.subject(), reader.agency())))
                .put(
                        "grounds",
                        SaltedHash.of(
                                salt,
                                grounds(
                                        grounds.purposeKo(),
                                        grounds.purposeEn(),
                                        grounds.basisKo(),
                                        grounds.basisEn(),
                                        grounds.breakGlass())))
                .put("time", at.toString()));
    }

    /** {@code kind:subject} or {@code kind:subject@agency}. */
    static String reader(String kind, String subject, @Nullable String agency) {
        return kind + ":" + subject + (agency == null ? "" : "@" + agency);
    }

    static String grounds(String purposeKo, String purposeEn, String basisKo, String basisEn, boolean breakGlass) {
        return CanonicalJson.of(new JsonObject()
                .put("purpose", new JsonObject().put("ko", purposeKo).put("en", purposeEn))
                .put("legal_basis", new JsonObject().put("ko", basisKo).put("en", basisEn))
                .put("break_glass", breakGlass));
    }
}
