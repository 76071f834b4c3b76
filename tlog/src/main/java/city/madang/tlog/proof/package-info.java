/** Files that prove an entry without asking anyone (C2SP tlog-proof). */
@NullMarked
package city.madang.tlog.proof;

import org.jspecify.annotations.NullMarked;
