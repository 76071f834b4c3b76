/** Asks witnesses for cosignatures of a log's checkpoints (C2SP tlog-witness, as the log). */
@NullMarked
package city.madang.records.log.cosigning;

import org.jspecify.annotations.NullMarked;
