package city.madang.records.documents.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Blobs as files in folders of the first two digits. A file comes into being under its name whole, after its bytes are on the disk. */
public final class FolderBlobStore implements BlobStore {

    private static final String PART = ".part";

    private final Path folder;

    public FolderBlobStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public void put(String name, Path file) throws IOException {
        Path shelf = shelf(name);
        Path target = shelf.resolve(name);
        Files.createDirectories(shelf);
        force(file);
        try {
            // the same bytes under a second name; a link fails where there is one already
            Files.createLink(target, file);
        } catch (FileAlreadyExistsException repeated) {
            // what has this name has these bytes
        } catch (IOException | UnsupportedOperationException elsewhere) {
            copy(file, shelf, target);
        }
        force(shelf);
    }

    private static void copy(Path file, Path shelf, Path target) throws IOException {
        Path part = Files.createTempFile(shelf, ".blob", PART);
        try {
            Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
            force(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Of a folder too: a rename is durable when its folder is. */
    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(path(name));
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path(name));
    }

    private Path path(String name) {
        return shelf(name).resolve(name);
    }

    private Path shelf(String name) {
        return folder.resolve(BlobName.checked(name).substring(0, 2));
    }
}
