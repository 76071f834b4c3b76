/** Double entry: which balances move when transfers, mints and burns begin and end, and in which order accounts are locked. */
@NullMarked
package city.madang.payment.ledger;

import org.jspecify.annotations.NullMarked;
