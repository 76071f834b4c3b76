/** Signed notes, checkpoints, cosignatures and verifier keys (C2SP signed-note, tlog-checkpoint, tlog-cosignature). */
@NullMarked
package city.madang.tlog.note;

import org.jspecify.annotations.NullMarked;
