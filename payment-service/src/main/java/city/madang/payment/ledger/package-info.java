/** Double entry: how accepted, settled and reversed transfers and mints are booked. */
@NullMarked
package city.madang.payment.ledger;

import org.jspecify.annotations.NullMarked;
