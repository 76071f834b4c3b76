/** Replacing an account's key: the present key names and signs the next one. */
@NullMarked
package city.madang.payment.keys;

import org.jspecify.annotations.NullMarked;
