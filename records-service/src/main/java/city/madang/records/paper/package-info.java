/** The face of a record: templates that agencies write, and the paper that comes out. Plain Java. */
@NullMarked
package city.madang.records.paper;

import org.jspecify.annotations.NullMarked;
