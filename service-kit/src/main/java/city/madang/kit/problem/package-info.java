/** One catalogue of errors as RFC 9457 problem documents. */
@NullMarked
package city.madang.kit.problem;

import org.jspecify.annotations.NullMarked;
