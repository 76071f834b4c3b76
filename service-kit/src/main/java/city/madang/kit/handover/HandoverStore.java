package city.madang.kit.handover;

import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where encrypted handovers lie between two services: a folder that both can reach. Blocking; call it on a worker thread.
 *
 * <p>Nothing here is readable without the receiver's key. The folder is the development adapter; an S3 bucket takes its
 * place in production.
 */
@ApplicationScoped
public class HandoverStore {

    /** Far above what the claims of an application need. */
    private static final int LONGEST = 1 << 20;

    private final Optional<Path> folder;

    HandoverStore(@ConfigProperty(name = "madang.handover.dir") Optional<Path> folder) {
        this.folder = folder;
    }

    /**
     * A reference to a handover, as it stands in events.
     *
     * @param id random UUID
     * @param sha256 of the encrypted text, hex
     */
    public record Reference(String id, String sha256) {

        public JsonObject toJson() {
            return new JsonObject().put("id", id).put("sha256", sha256);
        }

        public static Reference of(JsonObject json) {
            return new Reference(UUID.fromString(json.getString("id")).toString(), json.getString("sha256"));
        }
    }

    /** Stores a compact JWE and names it; durable when this returns. */
    public Reference put(String jwe) {
        byte[] bytes = jwe.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > LONGEST) {
            throw new IllegalArgumentException("a handover of " + bytes.length + " bytes is too long");
        }
        Reference reference = new Reference(UUID.randomUUID().toString(), sha256(bytes));
        try {
            Path target = path(reference);
            Files.createDirectories(target.getParent());
            Path part = target.resolveSibling(reference.id() + ".part");
            Files.write(part, bytes);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return reference;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * The compact JWE.
     *
     * @throws IllegalArgumentException if it is gone or is not what the reference names
     */
    public String get(Reference reference) {
        try {
            byte[] bytes = Files.readAllBytes(path(reference));
            if (!sha256(bytes).equals(reference.sha256())) {
                throw new IllegalArgumentException("handover " + reference.id() + " was altered");
            }
            return new String(bytes, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException gone) {
            throw new IllegalArgumentException("handover " + reference.id() + " is gone", gone);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Deletes it; harmless when it is gone already. */
    public void delete(Reference reference) {
        try {
            Files.deleteIfExists(path(reference));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path path(Reference reference) {
        return folder.orElseThrow(() -> new IllegalStateException("madang.handover.dir is not set"))
                .resolve(reference.id());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
