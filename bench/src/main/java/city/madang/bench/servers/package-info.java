/** Servers of a benchmark's own, started for it and gone after it. */
@NullMarked
package city.madang.bench.servers;

import org.jspecify.annotations.NullMarked;
