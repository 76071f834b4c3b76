/** Spans over OTLP, off by default: what leaves, what stays out of them, and how a trace passes through tables and topics. */
@NullMarked
package city.madang.kit.tracing;

import org.jspecify.annotations.NullMarked;
