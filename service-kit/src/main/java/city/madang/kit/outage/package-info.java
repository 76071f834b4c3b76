/** When what a service needs is away. */
@NullMarked
package city.madang.kit.outage;

import org.jspecify.annotations.NullMarked;
