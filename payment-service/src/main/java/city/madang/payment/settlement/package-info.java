/** Carrying accepted authorisations to the contract and booking what it did with them. */
@NullMarked
package city.madang.payment.settlement;

import org.jspecify.annotations.NullMarked;
