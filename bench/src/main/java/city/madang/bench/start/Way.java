package city.madang.bench.start;

import java.util.List;

/** How a process is started. */
enum Way {
    JVM("JVM", List.of()),

    /** As in the images; here a cache that does not fit stops the process, so that nothing else is measured instead. */
    AOT("JVM with AOT cache", List.of("-XX:AOTCache=app.aot", "-XX:AOTMode=on"));

    private final String title;
    private final List<String> options;

    Way(String title, List<String> options) {
        this.title = title;
        this.options = options;
    }

    String title() {
        return title;
    }

    /** Of the JVM. */
    List<String> options() {
        return options;
    }
}
