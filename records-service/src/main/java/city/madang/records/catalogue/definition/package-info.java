/** A service definition and everything that makes one valid; plain Java over a JSON tree. */
@NullMarked
package city.madang.records.catalogue.definition;

import org.jspecify.annotations.NullMarked;
