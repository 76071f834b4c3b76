/** Public keys as answers give them (RFC 7517). */
@NullMarked
package city.madang.identity.jwks;

import org.jspecify.annotations.NullMarked;
