/** The servers that the stack runs: where they are kept, and how they get there, once. */
@NullMarked
package city.madang.devstack.tools;

import org.jspecify.annotations.NullMarked;
