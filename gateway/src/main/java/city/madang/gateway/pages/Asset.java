package city.madang.gateway.pages;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the gateway's own, in memory.
 *
 * @param contentType its media type
 * @param plain its bytes
 * @param gzip the same, compressed once
 */
record Asset(String contentType, Buffer plain, Buffer gzip) {

    /** Reads a resource of the class path. Blocks. */
    static Asset read(String resource, String contentType) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream stream =
                (loader != null ? loader : Asset.class.getClassLoader()).getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("The package lacks " + resource);
            }
            byte[] bytes = stream.readAllBytes();
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
                gzip.write(bytes);
            }
            return new Asset(contentType, Buffer.buffer(bytes), Buffer.buffer(compressed.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
