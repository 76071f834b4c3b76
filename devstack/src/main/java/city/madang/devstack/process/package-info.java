/** Child processes that never outlive this JVM, free ports, and waiting for a condition. */
@NullMarked
package city.madang.devstack.process;

import org.jspecify.annotations.NullMarked;
