package city.madang.records.documents.content;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads content once from its start to its end and refuses what is not of the declared format or could do harm. */
public final class Inspection {

    /** Bytes by which a format is recognised. */
    private static final int START = 512;

    private static final int BUFFER = 1 << 16;

    private Inspection() {}

    /**
     * @param content read to its end, not closed
     * @throws Refused with the reason
     * @throws IOException if the content cannot be read at all
     */
    public static void inspect(Format declared, InputStream content) throws IOException, Refused {
        BufferedInputStream in = new BufferedInputStream(content, BUFFER);
        in.mark(START);
        byte[] start = in.readNBytes(START);
        in.reset();
        Sniff.refuseOther(declared, start);
        switch (declared) {
            case PDF -> PdfScan.scan(in);
            case JSON -> TextScan.json(in);
            case XML -> XmlScan.scan(in);
            case TEXT, CSV -> TextScan.text(in);
            case PNG -> ImageScan.png(in);
            case JPEG -> ImageScan.jpeg(in);
            case ZIP, DOCX, XLSX, PPTX, ODT, HWPX -> ZipScan.scan(declared, in);
        }
        if (in.read() >= 0) {
            throw new Refused("something follows after the end of the content");
        }
    }
}
