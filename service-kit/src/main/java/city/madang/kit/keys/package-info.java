/** Where private keys live: a port that signs, with a security module (PKCS #11) or, for development, files behind it. */
@NullMarked
package city.madang.kit.keys;

import org.jspecify.annotations.NullMarked;
