package city.madang.records.documents;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A document on its way out. What turns out to be altered ends the answer before the length that it announced.
 *
 * @param place given back when it is out
 * @param cut ends the connection: nothing else tells the reader that no more comes
 */
record Streamed(InputStream content, Transfers.Place place, Runnable cut) {

    private static final int BUFFER = 1 << 16;

    void to(OutputStream out) throws IOException {
        try (place;
                content) {
            byte[] buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException | RuntimeException altered) {
            cut.run();
            throw altered;
        }
    }
}
