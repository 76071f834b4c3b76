/** How long records are kept, what holds them, and how they are destroyed: key and salts at once, logged and certified. */
@NullMarked
package city.madang.records.retention;

import org.jspecify.annotations.NullMarked;
