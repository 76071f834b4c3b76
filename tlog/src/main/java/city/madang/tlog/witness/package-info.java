/** What logs and witnesses say to each other (C2SP tlog-witness). */
@NullMarked
package city.madang.tlog.witness;

import org.jspecify.annotations.NullMarked;
