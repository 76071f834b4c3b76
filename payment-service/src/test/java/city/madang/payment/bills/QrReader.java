package city.madang.payment.bills;

import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.decoder.Decoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the service's own SVG back: its modules, without the quiet zone, go to a QR decoder. */
final class QrReader {

    private static final Pattern SIZE = Pattern.compile("viewBox=\"0 0 (\\d+) (\\d+)\"");
    private static final Pattern MODULE = Pattern.compile("M(\\d+) (\\d+)h1v1h-1z");
    private static final int QUIET_ZONE = 4;

    private QrReader() {}

    static String read(String svg) {
        Matcher size = SIZE.matcher(svg);
        if (!size.find()) {
            throw new AssertionError(svg);
        }
        int modules = Integer.parseInt(size.group(1)) - 2 * QUIET_ZONE;
        BitMatrix matrix = new BitMatrix(modules);
        Matcher module = MODULE.matcher(svg);
        while (module.find()) {
            matrix.set(Integer.parseInt(module.group(1)) - QUIET_ZONE, Integer.parseInt(module.group(2)) - QUIET_ZONE);
        }
        try {
            return new Decoder().decode(matrix).getText();
        } catch (Exception unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
