/** CBOR and COSE_Sign1 from strangers and for them: strict, bounded, deterministic. */
@NullMarked
package city.madang.identity.cbor;

import org.jspecify.annotations.NullMarked;
