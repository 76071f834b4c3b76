/** Fees of applications that ended without a grant: the bill is cancelled, or what was paid goes back, once. */
@NullMarked
package city.madang.payment.returns;

import org.jspecify.annotations.NullMarked;
