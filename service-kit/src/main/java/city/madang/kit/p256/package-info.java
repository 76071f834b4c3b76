/** ECDSA P-256 verification with the fastest provider that loads here. */
@NullMarked
package city.madang.kit.p256;

import org.jspecify.annotations.NullMarked;
