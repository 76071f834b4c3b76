/** Folders as wholes. */
@NullMarked
package city.madang.devstack.files;

import org.jspecify.annotations.NullMarked;
