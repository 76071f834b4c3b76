/** The authorization server for wallets (RFC 6749, OpenID4VCI 1.0 clauses 5 and 6): who may fetch which credential, with which key. */
@NullMarked
package city.madang.identity.authorization;

import org.jspecify.annotations.NullMarked;
