package city.madang.records.documents.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Encrypted documents, each named by the SHA-256 of its bytes (64 hex digits). Nothing is in memory as a whole. Blocking; every
 * operation may be repeated. An {@link IllegalArgumentException} says that a name is none.
 */
public interface BlobStore {

    /**
     * Publishes a file that holds exactly the named bytes; durable when this returns. Whoever opens the blob meanwhile finds all
     * of it or nothing.
     */
    void put(String name, Path file) throws IOException;

    /** @throws java.nio.file.NoSuchFileException if there is no such blob */
    InputStream open(String name) throws IOException;

    /** Removes the blob; one that is not there is no error. */
    void delete(String name) throws IOException;
}
