/** PostgreSQL from the binaries that Maven brings, one cluster with one database per owner. */
@NullMarked
package city.madang.devstack.postgres;

import org.jspecify.annotations.NullMarked;
