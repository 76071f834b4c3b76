package city.madang.payment.returns;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** How fees go back. */
@ConfigMapping(prefix = "madang.returns")
public interface ReturnsConfig {

    /**
     * Whether this service signs refunds of fees for agencies, with a key and out of an account of each of them that it keeps for
     * that alone. Otherwise agencies sign them themselves. Absent: in development.
     */
    Optional<Boolean> desk();
}
