/** Who is calling, read from the access token once. */
@NullMarked
package city.madang.kit.caller;

import org.jspecify.annotations.NullMarked;
