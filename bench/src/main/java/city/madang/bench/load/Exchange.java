package city.madang.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** HTTP/1.1 requests as bytes, made before the clock starts. */
public final class Exchange {

    private Exchange() {}

    /** {@code POST} with a body of this type. */
    public static byte[] post(String path, String contentType, String body, Map<String, String> headers) {
        return request("POST", path, contentType, body, headers);
    }

    public static byte[] put(String path, String contentType, String body, Map<String, String> headers) {
        return request("PUT", path, contentType, body, headers);
    }

    public static byte[] get(String path, Map<String, String> headers) {
        return (line("GET", path, headers) + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] request(
            String method, String path, String contentType, String body, Map<String, String> headers) {
        var text = line(method, path, headers)
                + "Content-Type: " + contentType + "\r\n"
                + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n"
                + body;
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String line(String method, String path, Map<String, String> headers) {
        var text = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.toString();
    }
}
