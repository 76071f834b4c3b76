/** Decentralized identifiers: did:jwk and did:key of wallets, did:web of agencies. */
@NullMarked
package city.madang.identity.did;

import org.jspecify.annotations.NullMarked;
