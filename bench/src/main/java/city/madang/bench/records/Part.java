package city.madang.bench.records;

import city.madang.bench.report.Report;
import java.io.IOException;
import java.util.function.Consumer;

/** One part of {@code bench records}: the log, documents, seals. Each adds its rows to the one report of the run. */
interface Part {

    /** As {@code --only} names it. */
    String name();

    /** Measures against servers that run. */
    void measure(RecordsServers servers, RecordsOptions options, Report report, Consumer<String> say)
            throws IOException;
}
