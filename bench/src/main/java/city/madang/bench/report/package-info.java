/** What was measured: medians of several rounds as a table, JSON and a chart, with the machine they come from. */
@NullMarked
package city.madang.bench.report;

import org.jspecify.annotations.NullMarked;
