/** Requests that are answered once for each key of their client (draft-ietf-httpapi-idempotency-key-header-07). */
@NullMarked
package city.madang.payment.requests;

import org.jspecify.annotations.NullMarked;
