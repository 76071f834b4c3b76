/** Merkle trees in tiles, proofs and signed notes; plain Java. */
@NullMarked
package city.madang.records.log.tree;

import org.jspecify.annotations.NullMarked;
