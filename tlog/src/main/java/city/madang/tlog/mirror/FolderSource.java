package city.madang.tlog.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A log in a folder, laid out as its URLs are. */
record FolderSource(Path folder) implements LogSource {

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        Path file = folder.resolve(path);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        if (Files.size(file) > LONGEST) {
            throw new IOException(path + " is longer than any part of a log");
        }
        return Optional.of(Files.readAllBytes(file));
    }
}
