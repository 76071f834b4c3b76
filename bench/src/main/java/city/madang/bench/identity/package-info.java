/** Issuance and verification of credentials, beside Keycloak and the limits that signatures and disks set. */
@NullMarked
package city.madang.bench.identity;

import org.jspecify.annotations.NullMarked;
