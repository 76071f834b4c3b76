/** One OpenAPI document of the whole suite, merged from those that the services publish inside. */
@NullMarked
package city.madang.gateway.description;

import org.jspecify.annotations.NullMarked;
