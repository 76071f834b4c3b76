/** The one public origin: TLS, routing, limits, the merged API description, and the start page. */
@NullMarked
package city.madang.gateway;

import org.jspecify.annotations.NullMarked;
