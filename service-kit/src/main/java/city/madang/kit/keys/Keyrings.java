package city.madang.kit.keys;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Chooses the keyring by {@code madang.keys.store}; its files are under {@code <madang.data-dir>/keys}. */
@ApplicationScoped
class Keyrings {

    @Produces
    @ApplicationScoped
    Keyring keyring(
            SecurityModule module,
            @ConfigProperty(name = "madang.data-dir") Path dataDir,
            @ConfigProperty(name = "madang.environment", defaultValue = "production") String environment) {
        Path folder = dataDir.resolve("keys");
        return module.token()
                .<Keyring>map(token -> new TokenKeyring(token, folder))
                .orElseGet(() -> new FileKeyring(folder, new InTheClear(environment)));
    }
}
