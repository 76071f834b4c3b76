/** What the gateway remembers in its process. */
@NullMarked
package city.madang.gateway.cache;

import org.jspecify.annotations.NullMarked;
