/** Benchmarks of the suite, as {@code ./madang bench} runs them. */
@NullMarked
package city.madang.bench;

import org.jspecify.annotations.NullMarked;
