/** A witness for the logs of others (C2SP tlog-witness): it vouches that a log only grew, and never for two histories of one. */
@NullMarked
package city.madang.records.witness;

import org.jspecify.annotations.NullMarked;
