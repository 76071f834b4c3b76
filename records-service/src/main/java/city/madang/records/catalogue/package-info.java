/** What public services there are: agencies publish versioned definitions, anyone reads them. */
@NullMarked
package city.madang.records.catalogue;

import org.jspecify.annotations.NullMarked;
