package city.madang.records.keys;

import city.madang.kit.keys.SecurityModule;
import city.madang.records.RecordsConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.file.Path;

/** Chooses where wrapping keys are by {@code madang.keys.store}, as the keyring of signing keys is. */
@ApplicationScoped
class WrappingKeyStores {

    @Produces
    @ApplicationScoped
    WrappingKeys wrappingKeys(SecurityModule module, RecordsConfig config) {
        Path folder = config.dataDir().resolve("keys");
        return module.token()
                .<WrappingKeys>map(token -> new TokenWrappingKeys(token, folder))
                .orElseGet(() -> new FileWrappingKeys(folder, config.environment()));
    }
}
