/** Shows the checkpoints of the logs to the anchor contract, which refuses a second history. */
@NullMarked
package city.madang.records.anchoring;

import org.jspecify.annotations.NullMarked;
