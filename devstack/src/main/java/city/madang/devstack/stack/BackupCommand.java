package city.madang.devstack.stack;

import city.madang.devstack.backup.Backup;
import city.madang.devstack.backup.Restore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** {@code ./madang backup FILE} and {@code ./madang restore FILE}; {@code -} stands for standard output and input. */
public final class BackupCommand {

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int ARGUMENTS = 4;
    private static final String STREAM = "-";
    private static final double MEBIBYTE = 1 << 20;

    private BackupCommand() {}

    /** Arguments: {@code backup|restore FILE --state FOLDER}. */
    public static void main(String[] arguments) {
        if (arguments.length != ARGUMENTS || !arguments[2].equals("--state")) {
            System.err.println("usage: ./madang backup FILE, ./madang restore FILE (- for standard output or input)");
            System.exit(USAGE);
            return;
        }
        var state = Path.of(arguments[3]).toAbsolutePath();
        try {
            System.err.println(
                    arguments[0].equals("restore") ? restore(state, arguments[1]) : backup(state, arguments[1]));
        } catch (FileAlreadyExistsException e) {
            fail(arguments[0], e.getMessage() + " is there already");
        } catch (NoSuchFileException e) {
            fail(arguments[0], e.getMessage() + " is not there");
        } catch (IOException | IllegalStateException e) {
            fail(arguments[0], String.valueOf(e.getMessage()));
        }
    }

    private static void fail(String command, String why) {
        System.err.println("madang " + command + ": " + why);
        System.exit(FAILED);
    }

    /**
     * Writes everything that the stopped stack keeps. A file of that name comes to be whole or not at all, readable by its owner
     * alone.
     *
     * @param file the file to make, or {@code -}
     * @return a sentence for people
     * @throws IllegalStateException when the stack runs, or has no data
     */
    public static String backup(Path state, String file) throws IOException {
        try (var lock = StateLock.take(state)) {
            var data = new Folders(state).data();
            if (!Files.isDirectory(data)) {
                throw new IllegalStateException("there is nothing to back up in " + data);
            }
            var size = file.equals(STREAM) ? Backup.write(data, System.out) : toFile(data, Path.of(file));
            return String.format(
                    Locale.ROOT,
                    "backed up %d files, %.1f MiB; it holds every key and password of this system: keep it as safe as those",
                    size.files(),
                    size.bytes() / MEBIBYTE);
        }
    }

    /**
     * Restores into a state folder that has no data yet.
     *
     * @param file the backup, or {@code -}
     * @return a sentence for people
     * @throws IllegalStateException when a stack runs there
     */
    public static String restore(Path state, String file) throws IOException {
        try (var lock = StateLock.take(state);
                InputStream in = file.equals(STREAM) ? System.in : Files.newInputStream(Path.of(file))) {
            var files = Restore.read(in, new Folders(state).data());
            return "restored %d files, each as the backup lists it; start it with: ./madang up".formatted(files);
        }
    }

    private static Backup.Size toFile(Path data, Path file) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        var partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.deleteIfExists(partial);
        Files.createFile(partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Backup.Size size;
            try (OutputStream out = Files.newOutputStream(partial)) {
                size = Backup.write(data, out);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            return size;
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
