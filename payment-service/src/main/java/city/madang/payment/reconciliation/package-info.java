/** Proving that the database and the contract agree on all that is settled. */
@NullMarked
package city.madang.payment.reconciliation;

import org.jspecify.annotations.NullMarked;
