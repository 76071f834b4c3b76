package city.madang.kit.keys;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The configured security module; opened once, when a key is needed first. */
@ApplicationScoped
public class SecurityModule {

    private final KeySettings settings;
    private @Nullable Token token;

    SecurityModule(KeySettings settings) {
        this.settings = settings;
    }

    /**
     * The token, or nothing where keys are in files.
     *
     * @throws IllegalStateException if it is configured and does not open
     */
    public synchronized Optional<Token> token() {
        if (settings.store() == KeySettings.Store.PKCS11 && token == null) {
            token = Token.open(settings.pkcs11());
        }
        return Optional.ofNullable(token);
    }

    /**
     * Does something while no other process that shares the folder does: modules let several keys have one label, so keys are made like this.
     */
    public static <T> T alone(Token token, Path folder, Supplier<T> work) {
        synchronized (token) {
            try {
                Files.createDirectories(folder);
                try (FileChannel channel = FileChannel.open(
                                folder.resolve(".making"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var lock = channel.lock()) {
                    return work.get();
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
