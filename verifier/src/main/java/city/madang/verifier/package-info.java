/**
 * Says of a file what is proven about it: who sealed it, whether it was changed, where it is logged, who vouches for the log. Plain Java that asks
 * nobody; {@code records-service} answers with it, {@code ./madang verify} runs it alone.
 */
@NullMarked
package city.madang.verifier;

import org.jspecify.annotations.NullMarked;
