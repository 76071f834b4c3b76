/** Renders a record, signs it with the agency's seal, commits to it in the log and tells that it is sealed. */
@NullMarked
package city.madang.records.sealing;

import org.jspecify.annotations.NullMarked;
