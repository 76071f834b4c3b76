/** ISO/IEC 18013-5 credentials: issuing them, and checking down to the last digest what a holder presents. */
@NullMarked
package city.madang.identity.mdoc;

import org.jspecify.annotations.NullMarked;
