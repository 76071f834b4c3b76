package city.madang.tlog.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What a mirror keeps: the log's parts as they are served, the key that it first believed, and the last checkpoint that it verified. The checkpoint is
 * written last, so that an interrupted run leaves the earlier state in force.
 */
record MirrorFolder(Path folder) {

    private static final String CHECKPOINT = "checkpoint";
    private static final String KEY = "vkey";

    Optional<SignedNote> checkpoint() throws IOException, Malformed {
        return text(CHECKPOINT).isEmpty()
                ? Optional.empty()
                : Optional.of(SignedNote.parse(text(CHECKPOINT).get()));
    }

    Optional<VerifierKey> key() throws IOException, Malformed {
        return text(KEY).isEmpty()
                ? Optional.empty()
                : Optional.of(VerifierKey.parse(text(KEY).get().strip()));
    }

    private Optional<String> text(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    void keep(VerifierKey key) throws IOException {
        keep(KEY, (key.format() + "\n").getBytes(UTF_8));
    }

    void keep(SignedNote checkpoint) throws IOException {
        keep(CHECKPOINT, checkpoint.format().getBytes(UTF_8));
    }

    void keep(String path, byte[] content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
