/** Sealed records that no longer stand, because a newer one has taken their place or because they were revoked; the log says so. */
@NullMarked
package city.madang.records.standing;

import org.jspecify.annotations.NullMarked;
