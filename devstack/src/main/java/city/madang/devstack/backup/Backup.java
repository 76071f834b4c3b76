package city.madang.devstack.backup;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * Everything that a stopped stack keeps, as one {@code .tar.gz}: databases, broker, documents, keys, chain and the port that
 * credentials name. All of it is of one moment because nothing runs. It holds every secret of the stack.
 */
public final class Backup {

    /** Files and the bytes in them. */
    public record Size(int files, long bytes) {}

    private Backup() {}

    /**
     * Writes the archive; the stream stays open.
     *
     * @param data the data folder of a stack that does not run
     */
    public static Size write(Path data, OutputStream to) throws IOException {
        var fast = new GzipParameters();
        fast.setCompressionLevel(Deflater.BEST_SPEED);
        var zipped = new GzipCompressorOutputStream(new BufferedOutputStream(to), fast);
        var tar = new TarArchiveOutputStream(zipped, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        var sums = new Sums();
        var bytes = 0L;
        for (var path : contents(data)) {
            var entry = new TarArchiveEntry(path.toFile(), data.relativize(path).toString());
            entry.setMode(mode(path));
            entry.setUserName("");
            entry.setGroupName("");
            entry.setIds(0, 0);
            tar.putArchiveEntry(entry);
            if (entry.isFile()) {
                try (InputStream in = Files.newInputStream(path)) {
                    sums.copy(entry.getName(), in, tar);
                }
                bytes += entry.getSize();
            }
            tar.closeArchiveEntry();
        }
        var list = sums.text();
        var entry = new TarArchiveEntry(Sums.ENTRY);
        entry.setSize(list.length);
        tar.putArchiveEntry(entry);
        new ByteArrayInputStream(list).transferTo(tar);
        tar.closeArchiveEntry();
        tar.finish();
        zipped.finish();
        zipped.flush();
        return new Size(sums.files(), bytes);
    }

    private static List<Path> contents(Path data) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(path -> !path.equals(data))
                    .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                            || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }

    private static int mode(Path path) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        var mode = 0;
        for (var permission : PosixFilePermission.values()) {
            mode = mode << 1 | (permissions.contains(permission) ? 1 : 0);
        }
        return mode;
    }
}
