/** What an outsider checks who trusts only the agency's certificate, its log's key and the chain, with libraries that this project did not write. */
@NullMarked
package city.madang.journey.evidence;

import org.jspecify.annotations.NullMarked;
