/** The development certificate authority: root, TLS certificate of the origin, and the city's agency CA. */
@NullMarked
package city.madang.devstack.ca;

import org.jspecify.annotations.NullMarked;
