/** Bills that agencies present and that are paid at most once. */
@NullMarked
package city.madang.payment.bills;

import org.jspecify.annotations.NullMarked;
