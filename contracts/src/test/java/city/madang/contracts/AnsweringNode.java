package city.madang.contracts;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node that says what chain it is on, and to all else what it is told to answer. */
final class AnsweringNode implements AutoCloseable {

    private static final Pattern ID = Pattern.compile("\"id\":([0-9]+)");

    private final HttpServer server;

    /** @param member of the answer: {@code "result":…} or {@code "error":…} */
    AnsweringNode(String member) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Matcher id = ID.matcher(asked);
            String answer = asked.contains("eth_chainId") ? "\"result\":\"0x1\"" : member;
            byte[] body = "{\"jsonrpc\":\"2.0\",\"id\":%s,%s}"
                    .formatted(id.find() ? id.group(1) : "0", answer)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    Chain connect() {
        return Chain.connect("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
