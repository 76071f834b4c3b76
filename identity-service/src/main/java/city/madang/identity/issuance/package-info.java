/** OpenID for Verifiable Credential Issuance 1.0, pre-authorized code flow, and the SD-JWT VCs that come out. */
@NullMarked
package city.madang.identity.issuance;

import org.jspecify.annotations.NullMarked;
