/** Merkle trees in tiles (RFC 6962, C2SP tlog-tiles): growing, roots, proofs and their verification; plain Java. */
@NullMarked
package city.madang.tlog.tree;

import org.jspecify.annotations.NullMarked;
