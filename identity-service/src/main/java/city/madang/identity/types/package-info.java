/** Credential types: what may be issued, by whom, with which claims. */
@NullMarked
package city.madang.identity.types;

import org.jspecify.annotations.NullMarked;
