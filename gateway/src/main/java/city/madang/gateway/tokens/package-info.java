/** Who calls: access tokens of Keycloak and of wallets, checked at the door before anything reaches a service. */
@NullMarked
package city.madang.gateway.tokens;

import org.jspecify.annotations.NullMarked;
