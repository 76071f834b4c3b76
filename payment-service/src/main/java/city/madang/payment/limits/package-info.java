/** Limits that an owner sets for an account: for one payment and for a day. Lower ones count at once, higher ones later. */
@NullMarked
package city.madang.payment.limits;

import org.jspecify.annotations.NullMarked;
