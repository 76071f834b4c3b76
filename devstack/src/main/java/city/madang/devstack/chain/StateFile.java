package city.madang.devstack.chain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * The file into which anvil writes its state every second. It writes in place, so a kill in the middle of that would leave half a
 * file: the last whole one is kept beside it.
 */
final class StateFile {

    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final Path whole;
    private @Nullable FileTime kept;

    StateFile(Path folder) {
        this.file = folder.resolve("state.json");
        this.whole = folder.resolve("state.whole.json");
    }

    Path path() {
        return file;
    }

    /** Keeps what anvil has written since the last look, if it is whole. */
    synchronized void keep() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        var written = Files.getLastModifiedTime(file);
        if (written.equals(kept)) {
            return;
        }
        var copy = whole.resolveSibling("state.copy.json");
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        if (isWhole(copy)) {
            Files.move(copy, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            kept = written;
        }
    }

    /** Puts the last whole state in the place of half a one, before anvil reads it. */
    synchronized void mend() throws IOException {
        if (Files.exists(file) && !isWhole(file)) {
            if (Files.exists(whole)) {
                Files.copy(whole, file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.delete(file);
            }
        }
    }

    private static boolean isWhole(Path json) throws IOException {
        try (JsonParser parser = JSON.createParser(json.toFile())) {
            while (parser.nextToken() != null) {
                // only its end matters
            }
            return parser.currentLocation().getByteOffset() > 0;
        } catch (com.fasterxml.jackson.core.JsonProcessingException half) {
            return false;
        }
    }
}
