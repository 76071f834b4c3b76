/** Which request goes where: the table of routes, and the reading of a path that refuses every ambiguous spelling. */
@NullMarked
package city.madang.gateway.routing;

import org.jspecify.annotations.NullMarked;
