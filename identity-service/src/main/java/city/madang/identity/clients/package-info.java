/** How agencies sign in: a client with {@code private_key_jwt} for each at the city's OpenID provider, Keycloak. */
@NullMarked
package city.madang.identity.clients;

import org.jspecify.annotations.NullMarked;
