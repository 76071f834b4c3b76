/** What anyone who is shown a record can check. */
@NullMarked
package city.madang.records.verification;

import org.jspecify.annotations.NullMarked;
