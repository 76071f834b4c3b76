/** SD-JWT VC: what a holder presents is checked down to the last disclosure. */
@NullMarked
package city.madang.identity.sdjwt;

import org.jspecify.annotations.NullMarked;
