/** {@code ./madang bench gateway}: what the gateway costs a request, beside other gateways that do the same. */
@NullMarked
package city.madang.bench.gateway;

import org.jspecify.annotations.NullMarked;
