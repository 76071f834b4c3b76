/** Sign-in: the real Keycloak with the realm of the suite and generated passwords. */
@NullMarked
package city.madang.devstack.keycloak;

import org.jspecify.annotations.NullMarked;
