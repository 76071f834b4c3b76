/** Blocking work away from the event loop, and back to the context that asked. */
@NullMarked
package city.madang.kit.worker;

import org.jspecify.annotations.NullMarked;
