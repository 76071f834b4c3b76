/** Freezing accounts and ending that: two officers, a recorded reason. */
@NullMarked
package city.madang.payment.freezes;

import org.jspecify.annotations.NullMarked;
