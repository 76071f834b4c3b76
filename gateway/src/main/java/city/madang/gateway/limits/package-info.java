/** How often somebody may call: token buckets in memory, shared through Redis where that is configured. */
@NullMarked
package city.madang.gateway.limits;

import org.jspecify.annotations.NullMarked;
