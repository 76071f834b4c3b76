package city.madang.kit.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTls;
import city.madang.kit.fetch.FetchFailed.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers here are real, with TLS; only the names' addresses are made up. */
class GuardedFetchTest {

    private static final Duration TIMEOUT = Duration.ofMillis(1500);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private static final String QUESTION = "a question\r\n\r\n";

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, List<String>> names = new ConcurrentHashMap<>();
    private final AtomicInteger lookups = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private TestTls tls;
    private NetServer server;
    private GuardedFetch fetch;

    /** By path; a server that has no answer for a path hangs. */
    private final Map<String, Consumer<NetSocket>> answers = new ConcurrentHashMap<>();

    @BeforeEach
    void start() throws Exception {
        tls = new TestTls(folder, "test-ca").issue("good.test", "evil.test", "other.test");
        server = listen(tls);
        names.put("good.test", List.of("127.0.0.1"));
        names.put("other.test", List.of("127.0.0.1"));
        names.put("evil.test", List.of("127.0.0.1"));
        names.put("wrong.test", List.of("127.0.0.1"));
        answers.put("/ok", socket -> socket.write(OK));
        fetch = client(8);
    }

    @AfterEach
    void stop() throws Exception {
        fetch.close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    private NetServer listen(TestTls of) throws Exception {
        return vertx.createNetServer(new NetServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(of.certificate().toString())
                                .setKeyPath(of.privateKey().toString())))
                .connectHandler(socket -> {
                    connections.incrementAndGet();
                    Buffer read = Buffer.buffer();
                    socket.handler(part -> {
                        read.appendBuffer(part);
                        String text = read.toString(StandardCharsets.US_ASCII);
                        if (text.endsWith("\r\n\r\n") && (text.startsWith("GET") || text.endsWith(QUESTION))) {
                            requests.add(text);
                            String path = text.split(" ", 3)[1];
                            answers.getOrDefault(path, none -> {}).accept(socket);
                        }
                    });
                    socket.exceptionHandler(broken -> {});
                })
                .exceptionHandler(broken -> {})
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    private HttpClientOptions trusting() {
        return GuardedFetch.options(TIMEOUT, Optional.of(tls.ca()));
    }

    private GuardedFetch client(int concurrent) {
        HostResolver resolver = host -> {
            lookups.incrementAndGet();
            List<String> found = names.get(host);
            if (found == null) {
                throw new UnknownHostException("no " + host);
            }
            List<InetAddress> addresses = new ArrayList<>();
            for (String literal : found) {
                addresses.add(InetAddress.getByName(literal));
            }
            return addresses;
        };
        return new GuardedFetch(
                vertx,
                new GuardedFetch.FetchRules(
                        resolver, false, Set.of("good.test", "other.test", "wrong.test", "raw.test"), TIMEOUT),
                concurrent,
                trusting());
    }

    private String url(String host, String path) {
        return "https://" + host + ":" + server.actualPort() + path;
    }

    private Fetched get(String url) {
        return fetch.get(new Wanted(url, List.of("application/json", "text/plain"), 1000))
                .await()
                .atMost(Duration.ofSeconds(20));
    }

    private FetchFailed failure(String url) {
        CompletionException failed = assertThrows(CompletionException.class, () -> get(url), url);
        FetchFailed reason = (FetchFailed) failed.getCause();
        String message = String.valueOf(reason.getMessage());
        assertFalse(message.contains("test") || message.contains("127"), "tells what others wrote: " + message);
        return reason;
    }

    private void fails(Reason reason, String url) {
        assertEquals(reason, failure(url).reason(), url);
    }

    @Test
    void what_is_good_is_fetched_and_nothing_of_the_caller_goes_along() {
        Fetched fetched = get(url("good.test", "/ok"));
        assertEquals("application/json", fetched.mediaType());
        assertArrayEquals("{}".getBytes(StandardCharsets.US_ASCII), fetched.body());
        String request = requests.getFirst().toLowerCase(java.util.Locale.ROOT);
        assertTrue(request.startsWith("get /ok http/1.1"), request);
        assertTrue(request.contains("host: good.test:" + server.actualPort()), request);
        for (String header : List.of("cookie", "authorization", "referer", "forwarded", "traceparent", "dpop")) {
            assertFalse(request.contains("\r\n" + header), request);
        }
    }

    @Test
    void a_question_is_posted_and_follows_no_redirect() {
        Posted question = new Posted("text/plain", QUESTION.getBytes(StandardCharsets.US_ASCII));
        Fetched answer = fetch.post(new Wanted(url("good.test", "/ok"), List.of("application/json"), 1000), question)
                .await()
                .atMost(Duration.ofSeconds(20));
        assertEquals("application/json", answer.mediaType());
        String request = requests.getFirst();
        assertTrue(request.startsWith("POST /ok HTTP/1.1"), request);
        assertTrue(request.toLowerCase(java.util.Locale.ROOT).contains("content-type: text/plain\r\n"), request);
        assertTrue(request.endsWith("\r\n\r\n" + QUESTION), request);
        answers.put(
                "/away",
                socket -> socket.write(
                        "HTTP/1.1 307 x\r\nLocation: " + url("good.test", "/ok") + "\r\nContent-Length: 0\r\n\r\n"));
        CompletionException refused = assertThrows(CompletionException.class, () -> fetch.post(
                        new Wanted(url("good.test", "/away"), List.of("application/json"), 1000), question)
                .await()
                .atMost(Duration.ofSeconds(20)));
        assertEquals(Reason.REFUSED, ((FetchFailed) refused.getCause()).reason());
        assertEquals(2, requests.size(), "what was posted went nowhere else");
    }

    @Test
    void no_spelling_of_an_address_in_numbers_is_taken_and_none_is_looked_up() {
        int port = server.actualPort();
        for (String host : List.of(
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "0x7f.1",
                "017700000001",
                "0177.0.0.1",
                "127.0.0.0x1",
                "0",
                "0.0.0.0",
                "169.254.169.254",
                "10.0.0.1",
                "192.168.0.1",
                "8.8.8.8",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::127.0.0.1]",
                "[fe80::1]",
                "[fd00::1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "[0:0:0:0:0:0:0:1]",
                "[::1%25lo]",
                "[2606:4700::1111]",
                "127.0.0.1.",
                "good.test.",
                "127。0。0。1",
                "①②⑦.0.0.1",
                "%31%32%37.0.0.1",
                "good.test%00.evil",
                "-good.test",
                "good..test",
                "good_.test",
                "1",
                "127.0.0.1%2f")) {
            fails(Reason.REFUSED, "https://" + host + ":" + port + "/ok");
            fails(Reason.REFUSED, "https://" + host + "/ok");
        }
        assertEquals(0, lookups.get());
        assertEquals(0, connections.get());
    }

    @Test
    void only_https_to_a_port_of_https_without_user_and_fragment_is_taken() {
        for (String url : List.of(
                "http://good.test/ok",
                "ftp://good.test/ok",
                "file:///etc/passwd",
                "jar:https://good.test!/",
                "data:,x",
                "//good.test/ok",
                "/ok",
                "",
                "https:",
                "https:good.test",
                "https://",
                "https:///ok",
                "good.test",
                "https://good.test:22/ok",
                "https://good.test:80/ok",
                "https://good.test:0/ok",
                "https://good.test:-1/ok",
                "https://good.test:65536/ok",
                "https://good.test:99999999999/ok",
                "https://user@good.test/ok",
                "https://user:pw@good.test/ok",
                "https://good.test@evil.test/ok",
                "https://good.test#@evil.test/ok",
                "https://good.test\\@evil.test/ok",
                "https://good.test /ok",
                "https://good.test/ok\r\nX: 1",
                "https://good.test/o k",
                "https://good.test/가",
                " https://good.test/ok",
                "https://good.test/#x",
                "https://good.test/" + "a".repeat(2048))) {
            fails(Reason.REFUSED, url);
        }
        assertEquals(0, lookups.get());
    }

    @Test
    void a_name_at_an_address_that_is_not_public_is_refused() {
        for (String address : List.of(
                "127.0.0.1",
                "127.8.8.8",
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "::7f00:1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:20::1",
                "2001:db8::1",
                "2002:a00:1::1",
                "3fff::1",
                "fc00::1",
                "fd12::1",
                "fe80::1",
                "fec0::1",
                "ff02::1")) {
            names.put("evil.test", List.of(address));
            fails(Reason.REFUSED, url("evil.test", "/ok"));
            // hidden behind a public one
            names.put("evil.test", List.of("93.184.215.14", address));
            fails(Reason.REFUSED, url("evil.test", "/ok"));
        }
        assertEquals(0, connections.get());
    }

    @Test
    void public_addresses_are_recognised() throws Exception {
        for (String address : List.of(
                "1.1.1.1",
                "8.8.8.8",
                "93.184.215.14",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.1",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "2001:4860:4860::8888")) {
            assertTrue(PublicAddress.isPublic(InetAddress.getByName(address)), address);
        }
    }

    @Test
    void a_name_that_changes_its_address_after_the_check_is_not_followed() {
        AtomicInteger asked = new AtomicInteger();
        HostResolver rebinding =
                host -> List.of(InetAddress.getByName(asked.getAndIncrement() == 0 ? "192.0.1.1" : "127.0.0.1"));
        GuardedFetch guarded = new GuardedFetch(
                vertx, new GuardedFetch.FetchRules(rebinding, false, Set.of(), TIMEOUT), 8, trusting());
        CompletionException failed = assertThrows(CompletionException.class, () -> guarded.get(
                        new Wanted(url("evil.test", "/ok"), List.of("application/json"), 1000))
                .await()
                .atMost(Duration.ofSeconds(20)));
        assertTrue(failed.getCause() instanceof FetchFailed);
        assertEquals(1, asked.get());
        assertEquals(0, connections.get());
        guarded.close();
    }

    private void redirects(String path, String location) {
        answers.put(
                path,
                socket ->
                        socket.write("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n"));
    }

    @Test
    void a_redirect_is_checked_like_any_address() {
        redirects("/relative", "/ok");
        redirects("/absolute", url("other.test", "/ok"));
        assertEquals("application/json", get(url("good.test", "/relative")).mediaType());
        assertEquals("application/json", get(url("good.test", "/absolute")).mediaType());
        int port = server.actualPort();
        List<String> bad = List.of(
                url("evil.test", "/ok"),
                "https://127.0.0.1:" + port + "/ok",
                "https://[::1]:" + port + "/ok",
                "http://good.test:" + port + "/ok",
                "//evil.test:" + port + "/ok",
                "file:///etc/passwd",
                "https://user@good.test:" + port + "/ok",
                "https://good.test:22/");
        for (String location : bad) {
            int before = connections.get();
            redirects("/redirect", location);
            fails(Reason.REFUSED, url("good.test", "/redirect"));
            assertEquals(before + 1, connections.get(), location);
        }
        redirects("/loop", "/loop");
        int before = connections.get();
        fails(Reason.REFUSED, url("good.test", "/loop"));
        assertEquals(before + 3, connections.get(), "two redirects are followed, no more");
    }

    @Test
    void a_server_that_answers_drop_by_drop_is_left_in_time() {
        answers.put("/headers", socket -> {
            socket.write("HTTP/1.1 200 OK\r\n");
            vertx.setPeriodic(100, tick -> socket.write("X-A: b\r\n"));
        });
        answers.put("/body", socket -> {
            socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n");
            vertx.setPeriodic(100, tick -> socket.write(" "));
        });
        for (String path : List.of("/headers", "/body", "/never")) {
            long start = System.nanoTime();
            fails(Reason.TIMEOUT, url("good.test", path));
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis < TIMEOUT.toMillis() + 1500, path + " took " + millis + " ms");
        }
    }

    @Test
    void a_server_that_never_shakes_hands_is_left_in_time() throws Exception {
        NetServer silent = vertx.createNetServer()
                .connectHandler(socket -> {})
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        fails(Reason.TIMEOUT, "https://good.test:" + silent.actualPort() + "/ok");
    }

    @Test
    void an_answer_without_end_is_cut_off() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        answers.put("/endless", socket -> {
            socket.closeHandler(gone -> closed.incrementAndGet());
            socket.write(head + "Transfer-Encoding: chunked\r\n\r\n");
            vertx.setPeriodic(5, tick -> {
                sent.incrementAndGet();
                socket.write("64\r\n" + " ".repeat(100) + "\r\n");
            });
        });
        fails(Reason.TOO_LARGE, url("good.test", "/endless"));
        for (int i = 0; closed.get() == 0 && i < 50; i++) {
            Thread.sleep(20);
        }
        assertEquals(1, closed.get(), "the connection is closed");
        answers.put("/long", socket -> socket.write(head + "Content-Length: 1001\r\n\r\n" + " ".repeat(1001)));
        fails(Reason.TOO_LARGE, url("good.test", "/long"));
        answers.put("/just", socket -> socket.write(head + "Content-Length: 1000\r\n\r\n" + " ".repeat(1000)));
        assertEquals(1000, get(url("good.test", "/just")).body().length);
        answers.put("/cut", socket -> {
            socket.write(head + "Content-Length: 900\r\n\r\n{}");
            socket.close();
        });
        fails(Reason.UNREACHABLE, url("good.test", "/cut"));
        answers.put("/headers", socket -> socket.write(head + "X-A: " + "b".repeat(40_000) + "\r\n\r\n"));
        fails(Reason.UNREACHABLE, url("good.test", "/headers"));
    }

    @Test
    void another_media_type_encoding_or_status_is_not_taken() {
        for (String type : List.of("text/html", "application/jsonp", "", "application/json-seq", "json")) {
            answers.put(
                    "/type",
                    socket -> socket.write(
                            "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: 2\r\n\r\n{}"));
            fails(Reason.WRONG_TYPE, url("good.test", "/type"));
        }
        answers.put(
                "/gzip",
                socket -> socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"));
        fails(Reason.WRONG_TYPE, url("good.test", "/gzip"));
        answers.put(
                "/parameters",
                socket -> socket.write("HTTP/1.1 200 OK\r\nContent-Type: Application/JSON; charset=utf-8\r\n"
                        + "Content-Length: 2\r\n\r\n{}"));
        assertEquals("application/json", get(url("good.test", "/parameters")).mediaType());
        for (int status : new int[] {204, 206, 304, 401, 404, 500, 503}) {
            answers.put("/status", socket -> socket.write("HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\n\r\n"));
            fails(Reason.STATUS, url("good.test", "/status"));
        }
    }

    @Test
    void a_certificate_for_another_name_or_of_another_ca_is_not_good() throws Exception {
        fails(Reason.UNREACHABLE, url("wrong.test", "/ok"));
        server = listen(new TestTls(folder, "another-ca").issue("good.test"));
        fails(Reason.UNREACHABLE, url("good.test", "/ok"));
        fails(Reason.UNREACHABLE, url("unknown.test", "/ok"));
        assertEquals(0, requests.size());
    }

    @Test
    void one_slow_host_does_not_take_the_places_of_others() throws Exception {
        List<java.util.concurrent.CompletableFuture<Fetched>> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(fetch.get(new Wanted(url("good.test", "/never"), List.of("application/json"), 1000))
                    .subscribeAsCompletionStage());
        }
        for (int i = 0; connections.get() < 2 && i < 50; i++) {
            Thread.sleep(20);
        }
        fails(Reason.BUSY, url("good.test", "/ok"));
        assertEquals("application/json", get(url("other.test", "/ok")).mediaType());
        for (var each : waiting) {
            assertThrows(java.util.concurrent.ExecutionException.class, each::get);
        }
        for (int i = 0; i < 20; i++) {
            assertEquals("application/json", get(url("good.test", "/ok")).mediaType(), "its places are free again");
        }
    }
}
