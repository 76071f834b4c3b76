/** Amounts: whole won, within what a payment may move. */
@NullMarked
package city.madang.payment.money;

import org.jspecify.annotations.NullMarked;
