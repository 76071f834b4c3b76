package city.madang.records.documents.blobs;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobStoreTest extends BlobStoreContract {

    @TempDir
    Path folder;

    private BlobStore store;

    @BeforeEach
    void open() {
        store = new FolderBlobStore(folder);
    }

    @Override
    BlobStore store() {
        return store;
    }

    @Override
    void putThatIsCut(String name, Path file) throws Exception {
        Files.delete(file);
        store.put(name, file);
    }
}
