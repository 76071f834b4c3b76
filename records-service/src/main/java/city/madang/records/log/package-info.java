/** One transparency log an agency (C2SP tlog-tiles): sequencing, checkpoints, tiles, proofs. */
@NullMarked
package city.madang.records.log;

import org.jspecify.annotations.NullMarked;
