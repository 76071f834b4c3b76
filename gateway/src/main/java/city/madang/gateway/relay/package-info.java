/** Carries a request to a service and its answer back, as streams, within limits of time and size. */
@NullMarked
package city.madang.gateway.relay;

import org.jspecify.annotations.NullMarked;
