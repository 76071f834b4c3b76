package city.madang.devstack.backup;

import city.madang.devstack.files.Trees;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** The way back of {@link Backup}, into a place where nothing is yet. */
public final class Restore {

    private static final int LOWEST_BITS = 8;

    private Restore() {}

    /**
     * Unpacks beside the data folder, compares every file with the archive's own list, and only then puts it in place.
     *
     * @param data the data folder to make; must not be there, or be empty
     * @return how many files were restored
     * @throws IOException when the archive is damaged, cut short or none of ours; then nothing is left
     */
    public static int read(InputStream from, Path data) throws IOException {
        requireEmpty(data);
        var partial = data.resolveSibling(data.getFileName() + ".partial");
        Trees.delete(partial);
        try {
            var files = unpack(from, partial);
            Files.deleteIfExists(data);
            Files.move(partial, data, StandardCopyOption.ATOMIC_MOVE);
            return files;
        } finally {
            Trees.delete(partial);
        }
    }

    private static int unpack(InputStream from, Path partial) throws IOException {
        Files.createDirectories(partial);
        var sums = new Sums();
        byte[] list = null;
        var tar = new TarArchiveInputStream(new GzipCompressorInputStream(new BufferedInputStream(from)));
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (entry.getName().equals(Sums.ENTRY)) {
                list = tar.readAllBytes();
            } else {
                unpack(tar, entry, partial, sums);
            }
        }
        if (list == null) {
            throw new IOException("this is not a whole backup: its list of files is missing");
        }
        sums.compare(list);
        return sums.files();
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path partial, Sums sums)
            throws IOException {
        var path = entry.resolveIn(partial);
        if (entry.isDirectory()) {
            Files.createDirectories(path);
        } else if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()) {
            Files.createDirectories(path.getParent());
            try (OutputStream out = Files.newOutputStream(path)) {
                sums.copy(entry.getName(), tar, out);
            }
        } else {
            throw new IOException("%s is neither a file nor a folder".formatted(entry.getName()));
        }
        Files.setPosixFilePermissions(path, permissions(entry.getMode()));
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (var permission : PosixFilePermission.values()) {
            if ((mode >> LOWEST_BITS - permission.ordinal() & 1) == 1) {
                permissions.add(permission);
            }
        }
        return permissions;
    }

    private static void requireEmpty(Path data) throws IOException {
        if (!Files.exists(data)) {
            Files.createDirectories(data.toAbsolutePath().getParent());
            return;
        }
        try (var inside = Files.newDirectoryStream(data)) {
            if (inside.iterator().hasNext()) {
                throw new IOException("%s is not empty: a backup is restored where nothing is yet".formatted(data));
            }
        }
    }
}
