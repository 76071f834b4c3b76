/** What went out of an account and came in, newest first. */
@NullMarked
package city.madang.payment.history;

import org.jspecify.annotations.NullMarked;
