/** The TLS server that all callers meet: its limits, the path of a request through the gateway, and the access log. */
@NullMarked
package city.madang.gateway.entry;

import org.jspecify.annotations.NullMarked;
