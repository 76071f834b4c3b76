/** The main job, played through the public origin alone: by the demonstration, and by the tests. */
@NullMarked
package city.madang.journey;

import org.jspecify.annotations.NullMarked;
