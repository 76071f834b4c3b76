/** Crosses from the event loop to a worker thread and back. */
@NullMarked
package city.madang.identity.worker;

import org.jspecify.annotations.NullMarked;
