package city.madang.devstack.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Commands in a session of their own, so that Ctrl-C in a terminal reaches the supervisor alone, which stops them in order. */
final class Detached {

    private static final Optional<Path> SETSID = find("setsid");

    private Detached() {}

    /** The command under {@code setsid} where there is one (it execs, so the process id stays), else as it is. */
    static List<String> command(List<String> command) {
        var line = new ArrayList<String>();
        SETSID.ifPresent(setsid -> line.add(setsid.toString()));
        line.addAll(command);
        return line;
    }

    static List<String> command(String... command) {
        return command(List.of(command));
    }

    private static Optional<Path> find(String program) {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
