/** The one guarded client for every address that a caller or a foreign document supplies. */
@NullMarked
package city.madang.kit.fetch;

import org.jspecify.annotations.NullMarked;
