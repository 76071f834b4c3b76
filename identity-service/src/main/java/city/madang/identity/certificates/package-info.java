/** The city's agency CA: leaf certificates for agencies' keys, and trust in chains that lead to the root. */
@NullMarked
package city.madang.identity.certificates;

import org.jspecify.annotations.NullMarked;
