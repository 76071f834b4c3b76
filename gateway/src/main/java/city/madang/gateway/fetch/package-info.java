/** What the gateway itself asks of the services behind it: small documents, within limits of time and size. */
@NullMarked
package city.madang.gateway.fetch;

import org.jspecify.annotations.NullMarked;
