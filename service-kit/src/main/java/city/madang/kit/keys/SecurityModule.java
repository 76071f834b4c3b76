package city.madang.kit.keys;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
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
}
