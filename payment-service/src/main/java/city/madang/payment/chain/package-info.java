/** The ledger contract that this service trusts, and refusing to work with any other. */
@NullMarked
package city.madang.payment.chain;

import org.jspecify.annotations.NullMarked;
