/** Prepared requests sent over kept connections, and what they cost the processes that answer them. */
@NullMarked
package city.madang.bench.load;

import org.jspecify.annotations.NullMarked;
