/** The whole suite on one machine: servers, services and gateway, started, watched and stopped together. */
@NullMarked
package city.madang.devstack.stack;

import org.jspecify.annotations.NullMarked;
