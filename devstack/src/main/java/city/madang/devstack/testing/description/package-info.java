/** Holds the answers that tests get against the description that the service gives of itself (OpenAPI 3.1). */
@NullMarked
package city.madang.devstack.testing.description;

import org.jspecify.annotations.NullMarked;
