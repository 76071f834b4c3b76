/** Payments: accepted, settled and final, beside the limits that signatures and the database set. */
@NullMarked
package city.madang.bench.payments;

import org.jspecify.annotations.NullMarked;
