/** Payment statements signed by this service that verify offline. */
@NullMarked
package city.madang.payment.receipts;

import org.jspecify.annotations.NullMarked;
