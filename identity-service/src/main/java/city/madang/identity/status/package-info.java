/** Token Status Lists (draft-ietf-oauth-status-list): indexes for new credentials, revocation, serving and checking of lists. */
@NullMarked
package city.madang.identity.status;

import org.jspecify.annotations.NullMarked;
