/** Backup of a stack's whole state, and its return into an empty place. */
@NullMarked
package city.madang.devstack.backup;

import org.jspecify.annotations.NullMarked;
