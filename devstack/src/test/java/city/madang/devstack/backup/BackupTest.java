package city.madang.devstack.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {

    @TempDir
    private Path folder;

    private Path data;

    private Path target;

    @BeforeEach
    void a_folder_of_data() throws IOException {
        data = folder.resolve("data");
        target = folder.resolve("restored").resolve("data");
        Files.createDirectories(data.resolve("postgres/empty"));
        Files.createDirectories(data.resolve("keys"));
        Files.write(data.resolve("postgres/blocks"), random(300_000));
        Files.writeString(data.resolve("keys/열쇠"), "secret");
        Files.setPosixFilePermissions(data.resolve("keys/열쇠"), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(data.resolve("postgres"), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void all_comes_back_with_its_modes_empty_folders_too() throws IOException {
        assertEquals(2, Restore.read(new ByteArrayInputStream(backup()), target));

        assertArrayEquals(
                Files.readAllBytes(data.resolve("postgres/blocks")),
                Files.readAllBytes(target.resolve("postgres/blocks")));
        assertEquals("secret", Files.readString(target.resolve("keys/열쇠")));
        assertEquals("rw-------", mode(target.resolve("keys/열쇠")));
        assertEquals("rwx------", mode(target.resolve("postgres")));
        assertTrue(Files.isDirectory(target.resolve("postgres/empty")));
        assertFalse(Files.exists(target.resolve(Sums.ENTRY)));
    }

    @Test
    void a_backup_cut_short_anywhere_leaves_nothing() throws IOException {
        byte[] whole = backup();
        for (int length : new int[] {0, 10, whole.length / 2, whole.length - 600, whole.length - 1}) {
            assertThrows(
                    IOException.class,
                    () -> Restore.read(new ByteArrayInputStream(Arrays.copyOf(whole, length)), target),
                    "cut to " + length);
            assertNothingLeft();
        }
    }

    @Test
    void a_file_that_is_not_as_listed_is_refused() throws IOException {
        IOException damaged = assertThrows(IOException.class, () -> restore("keys/a", "altered", sums("keys/a")));
        IOException missing = assertThrows(IOException.class, () -> restore("keys/b", "b", sums("keys/a")));
        IOException foreign = assertThrows(IOException.class, () -> restore("keys/b", "b", new byte[0]));

        assertTrue(damaged.getMessage().contains("keys/a is damaged"), damaged.getMessage());
        assertTrue(missing.getMessage().contains("keys/a is missing"), missing.getMessage());
        assertTrue(foreign.getMessage().contains("does not belong"), foreign.getMessage());
        assertNothingLeft();
    }

    @Test
    void a_name_that_leaves_the_folder_is_refused() {
        assertThrows(IOException.class, () -> restore("../escaped", "x", new byte[0]));

        assertFalse(Files.exists(target.resolveSibling("escaped")));
        assertNothingLeft();
    }

    @Test
    void what_is_there_is_never_overwritten() throws IOException {
        Files.createDirectories(target);
        Files.writeString(target.resolve("kept"), "kept");

        assertThrows(IOException.class, () -> Restore.read(new ByteArrayInputStream(backup()), target));

        assertEquals("kept", Files.readString(target.resolve("kept")));
    }

    private byte[] backup() throws IOException {
        var out = new ByteArrayOutputStream();
        Backup.write(data, out);
        return out.toByteArray();
    }

    /** The list of a backup with one file of that name and text {@code a}. */
    private static byte[] sums(String name) throws IOException {
        var sums = new Sums();
        sums.copy(name, new ByteArrayInputStream(new byte[] {'a'}), new ByteArrayOutputStream());
        return sums.text();
    }

    private void restore(String name, String text, byte[] sums) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
            add(tar, name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            add(tar, Sums.ENTRY, sums);
        }
        Restore.read(new ByteArrayInputStream(out.toByteArray()), target);
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private void assertNothingLeft() {
        assertFalse(Files.exists(target));
        assertFalse(Files.exists(target.resolveSibling("data.partial")));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
