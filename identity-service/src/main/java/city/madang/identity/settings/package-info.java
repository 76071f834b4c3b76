/** What an operator can set, each with a sentence. */
@NullMarked
package city.madang.identity.settings;

import org.jspecify.annotations.NullMarked;
