/** The attested reserve, and minting by two treasurers. */
@NullMarked
package city.madang.payment.treasury;

import org.jspecify.annotations.NullMarked;
