package city.madang.records.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.tree.Hashes;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.erdtman.jcs.JsonCanonicalizer;
import org.jspecify.annotations.Nullable;

/** What the log says of an access: commitments that only who has the salt (the owner, the agency) can open. Canonical JSON (RFC 8785). */
final class AccessEntry {

    static final int SALT_BYTES = 32;

    private AccessEntry() {}

    static String of(UUID access, Held held, Reader reader, Grounds grounds, byte[] salt, Instant at) {
        return canonical(new JsonObject()
                .put("type", "access.logged")
                .put("access", commit(salt, access.toString()))
                .put("record", commit(salt, held.record().toString()))
                .put("reader", commit(salt, reader(reader.kind(), reader.subject(), reader.agency())))
                .put(
                        "grounds",
                        commit(
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
        return canonical(new JsonObject()
                .put("purpose", new JsonObject().put("ko", purposeKo).put("en", purposeEn))
                .put("legal_basis", new JsonObject().put("ko", basisKo).put("en", basisEn))
                .put("break_glass", breakGlass));
    }

    /** SHA-256(salt ‖ UTF-8 of the text), hex. */
    private static String commit(byte[] salt, String text) {
        return HexFormat.of().formatHex(Hashes.of(salt, text.getBytes(UTF_8)));
    }

    private static String canonical(JsonObject json) {
        try {
            return new JsonCanonicalizer(json.encode()).getEncodedString();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
