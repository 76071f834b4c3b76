package city.madang.tlog.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.TestKey;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Cosignature;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.NoteSignature;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.tree.EntryBundle;
import city.madang.tlog.tree.Growth;
import city.madang.tlog.tree.TilePath;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** A log on a port of its own, every resource of which a test may alter. */
final class ServedLog implements AutoCloseable {

    final Map<String, byte[]> resources = new ConcurrentHashMap<>();
    private final HttpServer server;

    ServedLog() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/log/", exchange -> {
            byte[] found = resources.get(exchange.getRequestURI().getPath().substring("/log/".length()));
            if (found != null && exchange.getRequestURI().getPath().contains("entries")) {
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                found = packed(found);
            }
            exchange.sendResponseHeaders(found == null ? 404 : 200, found == null ? -1 : found.length);
            if (found != null) {
                exchange.getResponseBody().write(found);
            }
            exchange.close();
        });
        server.start();
    }

    private static byte[] packed(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/log";
    }

    static List<byte[]> entries(String history, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> (history + i).getBytes(UTF_8))
                .toList();
    }

    /** Shows this history; partial tiles of sizes shown before go. */
    void show(TestKey key, List<byte[]> entries, TestKey... witnesses) throws Malformed {
        resources.keySet().removeIf(path -> path.contains(".p/"));
        Growth growth = Growth.append(0, Map.of(), entries);
        growth.changed()
                .forEach((id, hashes) -> resources.put(
                        "tile/" + id.level() + "/" + new TilePath(id.number(), hashes.length / 32).format(), hashes));
        Map<Long, List<byte[]>> bundles = new TreeMap<>();
        for (int i = 0; i < entries.size(); i++) {
            bundles.computeIfAbsent(i / 256L, none -> new ArrayList<>()).add(entries.get(i));
        }
        bundles.forEach((number, some) ->
                resources.put("tile/entries/" + new TilePath(number, some.size()).format(), EntryBundle.of(some)));
        SignedNote note = new Checkpoint(key.key().name(), growth.size(), growth.root()).signed(key.key(), key::sign);
        List<NoteSignature> lines = new ArrayList<>(note.signatures());
        for (TestKey witness : witnesses) {
            lines.add(Cosignature.sign(witness.key(), note, 1_800_000_000L, witness::sign));
        }
        resources.put("checkpoint", new SignedNote(note.text(), lines).format().getBytes(UTF_8));
        resources.put("vkey", (key.key().format() + "\n").getBytes(UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
