/** Accepting signed authorisations to pay, in batches, each with an answer of its own. */
@NullMarked
package city.madang.payment.authorisations;

import org.jspecify.annotations.NullMarked;
