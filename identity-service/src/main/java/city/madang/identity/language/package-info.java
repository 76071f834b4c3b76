/** Text for people in the city's two languages. */
@NullMarked
package city.madang.identity.language;

import org.jspecify.annotations.NullMarked;
