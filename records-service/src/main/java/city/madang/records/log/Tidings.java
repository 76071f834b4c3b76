package city.madang.records.log;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;

/** Something that is told once a published checkpoint covers its log entry, and not before. All beans of this type are looked after by {@link Telling}. */
public interface Tidings {

    /** For the service's log. */
    String name();

    /** The pause after a look that found nothing to tell. */
    Duration idle();

    /** The query for what was not told yet, ordered and without a limit; its rows name their {@code agency}. */
    String untold();

    /** Under which the entry of a row was queued. */
    String key(Row row);

    /** Tells of a row whose entry is published, at its index in the log; whether it was done. */
    Uni<Boolean> tell(Row row, long index);
}
