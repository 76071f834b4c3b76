/** Who may issue which type and ask for which claims, and the signed list that says so. */
@NullMarked
package city.madang.identity.trust;

import org.jspecify.annotations.NullMarked;
