/** Who reads whose records: the entry in the agency's log that comes before every release, and what the citizen sees of it. */
@NullMarked
package city.madang.records.access;

import org.jspecify.annotations.NullMarked;
