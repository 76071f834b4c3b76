/** Strict reading and writing of compact JWS with ES256, and of JSON from strangers. */
@NullMarked
package city.madang.identity.jose;

import org.jspecify.annotations.NullMarked;
