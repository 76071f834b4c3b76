/** Credential offers: who may fetch which credential, once. */
@NullMarked
package city.madang.identity.offers;

import org.jspecify.annotations.NullMarked;
