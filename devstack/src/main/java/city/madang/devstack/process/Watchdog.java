package city.madang.devstack.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A small shell process at the other end of a pipe. When this JVM ends in any way, {@code kill -9} included, the pipe closes
 * and the shell signals every process that is still registered, kills what is left after some seconds, and removes the
 * folders that were handed to it.
 */
public final class Watchdog {

    /** Seconds between the first signal and SIGKILL. */
    private static final int GRACE_SECONDS = 10;

    // Signals of a terminal reach the whole process group; the shell must outlive them to do its work.
    private static final String SCRIPT =
            """
            trap '' INT TERM HUP
            list=' '
            folders=()
            while IFS=' ' read -r verb first second; do
              case $verb in
                watch) list="$list$first:$second " ;;
                forget) list=" ${list//" $first:"*([A-Z])" "/ } " ;;
                remove) folders+=("$first") ;;
              esac
            done
            alive() {
              for entry in $list; do kill -0 "${entry%%:*}" 2>/dev/null && return 0; done
              return 1
            }
            for entry in $list; do kill -s "${entry##*:}" "${entry%%:*}" 2>/dev/null; done
            tick=0
            while alive && [ $tick -lt GRACE ]; do sleep 0.1; tick=$((tick + 1)); done
            for entry in $list; do kill -s KILL "${entry%%:*}" 2>/dev/null; done
            for folder in "${folders[@]}"; do rm -rf -- "$folder"; done
            """;

    private final Process shell;
    private final OutputStream pipe;

    /** Starts the shell. */
    public Watchdog() {
        try {
            shell = new ProcessBuilder(Detached.command("bash", "-O", "extglob", "-c", script()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("bash is needed to watch over child processes", e);
        }
        pipe = shell.getOutputStream();
    }

    /** Process id of the shell. */
    public long pid() {
        return shell.pid();
    }

    /** Lets the shell end, when all that it watched has ended. */
    public void dismiss() {
        try {
            pipe.close();
        } catch (IOException alreadyClosed) {
            // then the shell is on its way out
        }
    }

    /**
     * Registers a process.
     *
     * @param signal name without SIG, sent first, for example INT
     */
    public void watch(long pid, String signal) {
        tell("watch " + pid + " " + signal);
    }

    /** The process has ended; its number may be another's soon. */
    public void forget(long pid) {
        tell("forget " + pid);
    }

    /** Removes the folder, with all in it, when this JVM is gone. The path must not contain line breaks. */
    public void removeAtEnd(Path folder) {
        tell("remove " + folder.toAbsolutePath());
    }

    private synchronized void tell(String line) {
        if (!shell.isAlive()) {
            throw new IllegalStateException("the watchdog process has ended");
        }
        try {
            pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            pipe.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String script() {
        return SCRIPT.replace("GRACE", Integer.toString(GRACE_SECONDS * 10));
    }
}
