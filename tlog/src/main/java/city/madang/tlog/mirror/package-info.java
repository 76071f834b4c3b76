/** Re-reads a whole log, verifies everything, and keeps a copy: what {@code ./madang mirror} does. */
@NullMarked
package city.madang.tlog.mirror;

import org.jspecify.annotations.NullMarked;
