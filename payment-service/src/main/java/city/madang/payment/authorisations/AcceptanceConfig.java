package city.madang.payment.authorisations;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.ZoneId;

/** How authorisations are accepted. */
@ConfigMapping(prefix = "madang.acceptance")
public interface AcceptanceConfig {

    /** How long an authorisation must still be valid, so that it can settle before it expires. */
    @WithDefault("60s")
    Duration shortestValidity();

    /** How long an authorisation may still be valid, so that none hangs over an account for ever. */
    @WithDefault("30d")
    Duration longestValidity();

    /** Authorisations that may wait to be decided; more are answered 503. */
    @WithDefault("20000")
    int queueMax();

    /**
     * Batches that are decided at once, each of payers of its own and over a connection of its own: while one waits for the disk, another
     * verifies. More of them make smaller batches, so no more than the database has cores to spare.
     */
    @WithDefault("2")
    @Min(1)
    int lanes();

    /** Won that may be accepted and not yet final; more is answered 503 until the ledger has caught up. */
    @WithDefault("100000000000")
    long exposureMax();

    /** How often it is read from the database what is not yet final; less often where reading takes long. */
    @WithDefault("1s")
    Duration exposureEvery();

    /** Where midnight begins the day of an account's daily limit. */
    @WithDefault("Asia/Seoul")
    ZoneId dayZone();

    default Window window() {
        return new Window(shortestValidity(), longestValidity(), dayZone());
    }
}
