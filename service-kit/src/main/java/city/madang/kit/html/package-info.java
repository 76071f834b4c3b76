/** Text in pages. */
@NullMarked
package city.madang.kit.html;

import org.jspecify.annotations.NullMarked;
