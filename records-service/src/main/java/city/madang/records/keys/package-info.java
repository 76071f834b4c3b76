/** The keys of agencies under which the keys of records are wrapped: their versions, and the rotation from one to the next. */
@NullMarked
package city.madang.records.keys;

import org.jspecify.annotations.NullMarked;
