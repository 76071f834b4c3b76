/** Replacing a lost key: requested by the owner, proposed by the identity authority, approved by agencies, delayed, vetoed. */
@NullMarked
package city.madang.payment.recoveries;

import org.jspecify.annotations.NullMarked;
