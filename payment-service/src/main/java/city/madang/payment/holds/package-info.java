/** Payments in two steps: what was held is captured or voided by its payee, or ends by itself. */
@NullMarked
package city.madang.payment.holds;

import org.jspecify.annotations.NullMarked;
