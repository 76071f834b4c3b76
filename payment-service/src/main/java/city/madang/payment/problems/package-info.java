/** What this service refuses and how: its problem types, and the strictness with which it reads JSON. */
@NullMarked
package city.madang.payment.problems;

import org.jspecify.annotations.NullMarked;
