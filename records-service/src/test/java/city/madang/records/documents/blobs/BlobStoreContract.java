package city.madang.records.documents.blobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store holds to; a new one extends this. */
abstract class BlobStoreContract {

    @TempDir
    Path scratch;

    abstract BlobStore store();

    /** Makes every further request fail in the middle of a put, as a store that goes away. */
    abstract void putThatIsCut(String name, Path file) throws Exception;

    private record Blob(String name, Path file, byte[] bytes) {}

    private Blob blob(int seed, int length) throws Exception {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        String name =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        Path file = Files.write(scratch.resolve(name), bytes);
        return new Blob(name, file, bytes);
    }

    private byte[] read(String name) throws IOException {
        try (InputStream in = store().open(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void what_is_put_is_found_and_putting_it_again_changes_nothing() throws Exception {
        for (int length : new int[] {1, 70_000, 9 << 20}) {
            Blob blob = blob(length, length);
            store().put(blob.name(), blob.file());
            store().put(blob.name(), blob.file());
            assertArrayEquals(blob.bytes(), read(blob.name()));
        }
    }

    @Test
    void what_is_deleted_is_gone_and_deleting_it_again_is_no_error() throws Exception {
        Blob blob = blob(2, 100);
        store().put(blob.name(), blob.file());
        store().delete(blob.name());
        store().delete(blob.name());
        assertThrows(NoSuchFileException.class, () -> read(blob.name()));
    }

    @Test
    void a_put_that_is_cut_leaves_nothing_under_the_name() throws Exception {
        Blob blob = blob(3, 300_000);
        assertThrows(Exception.class, () -> putThatIsCut(blob.name(), blob.file()));
        assertThrows(NoSuchFileException.class, () -> read(blob.name()));
    }

    @Test
    void no_other_name_reaches_the_store() {
        for (String name :
                List.of("", "..", "../../etc/passwd", "a".repeat(63), "A".repeat(64), "a".repeat(63) + "/")) {
            assertThrows(IllegalArgumentException.class, () -> store().open(name), name);
            assertThrows(IllegalArgumentException.class, () -> store().delete(name), name);
            assertThrows(IllegalArgumentException.class, () -> store().put(name, scratch.resolve("x")), name);
        }
    }
}
