/** What crosses the gateway in a header: forged and hop-by-hop fields go, the gateway's own are set. */
@NullMarked
package city.madang.gateway.headers;

import org.jspecify.annotations.NullMarked;
