package city.madang.payment.bills;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.util.Map;

/**
 * The link under which whoever is given it finds a bill and can pay it: {@code <origin>/payment/links/<22 base64url
 * characters>}. 128 random bits, no name, no amount.
 */
final class PaymentLink {

    /** What a link's last segment looks like. */
    static final String FORM = "[A-Za-z0-9_-]{22}";

    /** Light modules around the code, as ISO/IEC 18004 asks. */
    private static final int QUIET_ZONE = 4;

    private PaymentLink() {}

    static String of(String origin, String link) {
        return origin + "/payment/links/" + link;
    }

    /** The link as a QR code (ISO/IEC 18004, error correction M): an SVG of one path, a unit a module, with the link as its title. */
    static String svg(String url) {
        BitMatrix code = encode(url);
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.getHeight(); y++) {
            for (int x = 0; x < code.getWidth(); x++) {
                if (code.get(x, y)) {
                    path.append('M').append(x).append(' ').append(y).append("h1v1h-1z");
                }
            }
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + code.getWidth() + " " + code.getHeight()
                + "\" shape-rendering=\"crispEdges\" role=\"img\"><title>" + url
                + "</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
                + "<path d=\"" + path + "\"/></svg>";
    }

    private static BitMatrix encode(String url) {
        try {
            // size 0: as many modules as the text needs, one unit each
            return new QRCodeWriter()
                    .encode(
                            url,
                            BarcodeFormat.QR_CODE,
                            0,
                            0,
                            Map.of(
                                    EncodeHintType.ERROR_CORRECTION,
                                    ErrorCorrectionLevel.M,
                                    EncodeHintType.MARGIN,
                                    QUIET_ZONE));
        } catch (WriterException tooLong) {
            throw new IllegalStateException("a link is far shorter than a QR code can hold", tooLong);
        }
    }
}
