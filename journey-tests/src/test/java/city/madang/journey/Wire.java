package city.madang.journey;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The wire between the gateway and the identity service. Notes the heads of what passes, and can be cut at a moment that matters: then
 * whoever asked hears nothing, whatever the service has done.
 */
final class Wire implements AutoCloseable {

    private static final int CHUNK = 64 * 1024;
    private static final Pattern REQUEST =
            Pattern.compile("(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\\S+) HTTP/1\\.1\r\n");

    /** When the service is killed. */
    enum Moment {
        /** The request has not reached it. */
        BEFORE_THE_SERVICE,
        /** It has the request, and may be at anything. */
        IN_THE_SERVICE,
        /** It has done everything, and its answer is lost. */
        BEFORE_THE_ANSWER
    }

    /** The head of a request or of an answer, as it passed. */
    record Head(String text) {

        /** {@code GET /identity/…} or {@code HTTP/1.1 200 OK}. */
        String first() {
            return text.substring(0, text.indexOf("\r\n"));
        }

        /** A field's value; empty if there is none. */
        String field(String name) {
            return text.lines()
                    .skip(1)
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }

        /** The address that is asked for, or to which is redirected; empty if there is none. */
        String address() {
            Matcher request = REQUEST.matcher(text);
            return request.lookingAt() ? request.group(2) : field("Location");
        }
    }

    /** A cut that waits for its request: happens once. */
    static final class Cut {
        private final Pattern request;
        private final Moment moment;
        private final long delayMillis;
        private final Runnable kill;
        private final CountDownLatch done = new CountDownLatch(1);

        private Cut(Pattern request, Moment moment, long delayMillis, Runnable kill) {
            this.request = request;
            this.moment = moment;
            this.delayMillis = delayMillis;
            this.kill = kill;
        }

        private void happen() {
            kill.run();
            done.countDown();
        }

        boolean hasHappened() {
            try {
                return done.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private final ServerSocket door;
    private final Supplier<URI> service;
    private final List<Head> heads = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Cut> armed = new AtomicReference<>();

    /** @param service where the service listens at the time */
    Wire(Supplier<URI> service) {
        this.service = service;
        try {
            door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Thread.ofVirtual().start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    /** Everything that passed until now, in order. */
    List<Head> heads() {
        return List.copyOf(heads);
    }

    /** Heads that passed since there were {@code count} of them. */
    List<Head> since(int count) {
        return heads().subList(count, heads.size());
    }

    int count() {
        return heads.size();
    }

    /**
     * Kills at the next request of this kind.
     *
     * @param request an expression for the whole of {@code POST /identity/token}
     * @param delayMillis after the request was passed on, where the moment is in the service
     */
    Cut cutAt(String request, Moment moment, long delayMillis, Runnable kill) {
        Cut cut = new Cut(Pattern.compile(request), moment, delayMillis, kill);
        armed.set(cut);
        return cut;
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException gone) {
            // closed either way
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket caller = door.accept();
                Thread.ofVirtual().start(() -> connect(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket caller) {
        URI to = service.get();
        try (caller;
                Socket callee = new Socket(to.getHost(), to.getPort())) {
            caller.setTcpNoDelay(true);
            callee.setTcpNoDelay(true);
            AtomicReference<@Nullable Cut> beforeAnswer = new AtomicReference<>();
            Thread back = Thread.ofVirtual().start(() -> answers(callee, caller, beforeAnswer));
            requests(caller, callee, beforeAnswer);
            callee.shutdownOutput();
            back.join();
        } catch (IOException broken) {
            // one of them hung up, and so does the wire
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void requests(Socket caller, Socket callee, AtomicReference<@Nullable Cut> beforeAnswer)
            throws IOException {
        InputStream in = caller.getInputStream();
        OutputStream out = callee.getOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int length; (length = in.read(chunk)) > 0; ) {
            Head head = head(chunk, length, REQUEST);
            @Nullable Cut cut = head == null ? null : cutFor(head);
            if (cut != null && cut.moment == Moment.BEFORE_THE_SERVICE) {
                cut.happen();
                caller.close();
                callee.close();
                return;
            }
            if (cut != null && cut.moment == Moment.BEFORE_THE_ANSWER) {
                beforeAnswer.set(cut);
            }
            out.write(chunk, 0, length);
            out.flush();
            if (cut != null && cut.moment == Moment.IN_THE_SERVICE) {
                Thread.ofVirtual().start(() -> {
                    try {
                        Thread.sleep(cut.delayMillis);
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    cut.happen();
                });
            }
        }
    }

    private void answers(Socket callee, Socket caller, AtomicReference<@Nullable Cut> beforeAnswer) {
        byte[] chunk = new byte[CHUNK];
        try (caller) {
            InputStream in = callee.getInputStream();
            OutputStream out = caller.getOutputStream();
            for (int length; (length = in.read(chunk)) > 0; ) {
                @Nullable Cut cut = beforeAnswer.getAndSet(null);
                if (cut != null) {
                    cut.happen();
                    return;
                }
                head(chunk, length, Pattern.compile("HTTP/1\\.1 \\d+ [^\r]*\r\n"));
                out.write(chunk, 0, length);
                out.flush();
            }
        } catch (IOException broken) {
            // the service is gone, or nobody waits for its answer
        }
    }

    private @Nullable Cut cutFor(Head head) {
        @Nullable Cut cut = armed.get();
        String request = head.first().replace(" HTTP/1.1", "");
        return cut != null && cut.request.matcher(request).matches() && armed.compareAndSet(cut, null) ? cut : null;
    }

    /** Notes a head; null if the chunk begins with none. Callers wait for an answer before they ask anew. */
    private @Nullable Head head(byte[] chunk, int length, Pattern first) {
        String text = new String(chunk, 0, length, StandardCharsets.ISO_8859_1);
        if (!first.matcher(text).lookingAt()) {
            return null;
        }
        int end = text.indexOf("\r\n\r\n");
        Head head = new Head(end < 0 ? text : text.substring(0, end + 2));
        heads.add(head);
        return head;
    }
}
