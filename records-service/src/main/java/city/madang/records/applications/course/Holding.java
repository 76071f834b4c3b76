package city.madang.records.applications.course;

import org.jspecify.annotations.Nullable;

/** What has become of the credential that comes with the record. */
public record Holding(@Nullable String offer, boolean issued) {

    static final Holding NONE = new Holding(null, false);
}
