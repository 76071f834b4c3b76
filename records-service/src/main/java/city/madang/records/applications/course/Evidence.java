package city.madang.records.applications.course;

import org.jspecify.annotations.Nullable;

/**
 * What has come in from identity.
 *
 * @param identityReady identity has named the key to which the claims of a credential are handed over
 */
public record Evidence(@Nullable String transaction, boolean identityReady, boolean presented) {

    static final Evidence NONE = new Evidence(null, false, false);
}
