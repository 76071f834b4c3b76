/** What logging, proving, sealing and keeping records cost: {@code ./madang bench records}. */
@NullMarked
package city.madang.bench.records;

import org.jspecify.annotations.NullMarked;
