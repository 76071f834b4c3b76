/** Secrets that all instances of the service share, made by themselves and rotated. */
@NullMarked
package city.madang.identity.secrets;

import org.jspecify.annotations.NullMarked;
