package city.madang.records.documents;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of documents that come and go. */
@ConfigMapping(prefix = "madang.documents")
public interface DocumentSettings {

    /** Uploads and downloads under way in this process; a further one is answered with 503. */
    @WithDefault("32")
    int mostTransfers();

    /** How long an announced upload may wait for its bytes. */
    @WithDefault("24h")
    Duration uploadExpires();

    /** How long an upload waits for its log entry to be published, before it is answered with 202. */
    @WithDefault("10s")
    Duration logWait();

    /** How long a document that an applicant has sent is kept while no application names it. */
    @WithDefault("24h")
    Duration unattachedFor();

    /** When what an upload that never ended left behind is removed; longer than any upload takes. */
    @WithDefault("24h")
    Duration leftoversAfter();
}
