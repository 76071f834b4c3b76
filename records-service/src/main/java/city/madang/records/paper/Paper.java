package city.madang.records.paper;

import com.openhtmltopdf.extend.FSStreamFactory;
import com.openhtmltopdf.extend.FSSupplier;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.outputdevice.helper.ExternalResourceControlPriority;
import com.openhtmltopdf.outputdevice.helper.ExternalResourceType;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Prints records: PDF/A-2b (ISO 19005-2) with embedded fonts that cover Hangul and Latin, sRGB as output intent, metadata as XMP. Nothing is read from
 * anywhere while it prints, whatever the page says. Blocking, tens of milliseconds.
 */
public final class Paper {

    /** Of the processor. A page of text takes a hundredth of this, the first one of a process a third. */
    static final Duration LONGEST = Duration.ofSeconds(6);

    /** The standard template is the project's own: it never takes long, and must never be refused. */
    private static final Duration ENDLESS = Duration.ofMinutes(5);

    static final int MOST_BYTES = 4 * 1024 * 1024;
    static final int MOST_PAGES = 10;

    /** Points; the longer side of A3. */
    private static final float LARGEST_SIDE = 1191;

    private static final String BASE_STYLE =
            """
            @page { size: A4; margin: 22mm 20mm; }
            body { font-family: 'Nanum Gothic'; font-size: 10.5pt; color: #16202a; line-height: 1.45; }
            """;

    /** What is asked for without being named, as by the margins of a page, is the same font: an archive needs every font embedded. */
    private static final List<String> FAMILIES = List.of("Nanum Gothic", "serif", "sans-serif", "monospace");

    private static final String[] PROTOCOLS = {"http", "https", "file", "jar", "ftp", "classpath", "mailto", "jrt"};

    private final byte[] regular = resource("/fonts/NanumGothic-Regular.ttf");
    private final byte[] bold = resource("/fonts/NanumGothic-Bold.ttf");
    private final byte[] colours;
    private final RecordTemplate standard;

    public Paper() {
        System.setProperty("java.awt.headless", "true");
        colours = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        String template = new String(resource("/templates/record.html"), java.nio.charset.StandardCharsets.UTF_8);
        standard = switch (RecordTemplate.read(template, Set.of())) {
            case RecordTemplate.Result.Read read -> read.template();
            case RecordTemplate.Result.Wrong wrong ->
                throw new IllegalStateException("the standard template " + wrong.why());
        };
    }

    /** The template for records of services that have none of their own. */
    public RecordTemplate standard() {
        return standard;
    }

    /** @throws PaperRefused if the template makes more of it than there may be */
    public byte[] print(RecordTemplate template, Face face) {
        Document page = template.fill(face.values(), face.lines(), QrCode.of(face.verifyUrl()));
        head(page, face);
        return print(page, template == standard ? ENDLESS : LONGEST);
    }

    /**
     * Whether the template can be printed at all: on some pages of ordinary size, with values as long as they may be.
     *
     * @param lines with such values
     * @return a sentence that says what is wrong, or null
     */
    public @Nullable String rehearse(RecordTemplate template, List<RecordTemplate.Line> lines) {
        String id = "00000000-0000-0000-0000-000000000000";
        LocalDate day = LocalDate.EPOCH;
        try {
            byte[] pdf = print(
                    template,
                    new Face(
                            "제목",
                            "Title",
                            "기관",
                            "Agency",
                            id,
                            day,
                            day,
                            "https://localhost:8443/records/verify/" + id,
                            lines));
            try (PDDocument document = Loader.loadPDF(pdf)) {
                if (document.getNumberOfPages() > MOST_PAGES) {
                    return "takes more than " + MOST_PAGES + " pages";
                }
                for (PDPage page : document.getPages()) {
                    PDRectangle size = page.getMediaBox();
                    if (Math.max(size.getWidth(), size.getHeight()) > LARGEST_SIDE) {
                        return "has pages larger than A3";
                    }
                }
            }
            return null;
        } catch (PaperRefused refused) {
            return refused.getMessage();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void head(Document page, Face face) {
        Element root = page.getDocumentElement();
        Element head = child(root, "head");
        Element title = child(head, "title");
        title.setTextContent(RecordTemplate.printable(face.titleKo()));
        for (Map.Entry<String, String> meta :
                Map.of("author", face.agencyKo(), "subject", face.record()).entrySet()) {
            Element element = page.createElement("meta");
            element.setAttribute("name", meta.getKey());
            element.setAttribute("content", RecordTemplate.printable(meta.getValue()));
            head.appendChild(element);
        }
    }

    private static Element child(Element parent, String name) {
        if (parent.getElementsByTagName(name).item(0) instanceof Element found) {
            return found;
        }
        Element made = parent.getOwnerDocument().createElement(name);
        parent.insertBefore(made, parent.getFirstChild());
        return made;
    }

    byte[] print(Document page, Duration longest) {
        Element style = page.createElement("style");
        style.setTextContent(BASE_STYLE);
        Element head = child(page.getDocumentElement(), "head");
        head.insertBefore(style, head.getFirstChild());
        Deadline deadline = Deadline.in(longest);
        Bounded pdf = new Bounded();
        PdfRendererBuilder builder = new PdfRendererBuilder();
        for (String family : FAMILIES) {
            builder.useFont(font(regular), family, 400, FontStyle.NORMAL, true);
            builder.useFont(font(bold), family, 700, FontStyle.NORMAL, true);
        }
        builder.usePdfAConformance(PdfRendererBuilder.PdfAConformance.PDFA_2_B);
        builder.useColorProfile(colours);
        builder.useUnicodeLineBreaker(deadline);
        readNothing(builder);
        builder.withW3cDocument(page, null);
        builder.withProducer("Madang");
        builder.toStream(pdf);
        try {
            builder.run();
            deadline.check();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return pdf.toByteArray();
    }

    /** The QR code is inside the page; all else is refused before and after it is resolved, and could not be opened. */
    private static void readNothing(PdfRendererBuilder builder) {
        builder.useExternalResourceAccessControl(
                Paper::inside, ExternalResourceControlPriority.RUN_BEFORE_RESOLVING_URI);
        builder.useExternalResourceAccessControl(
                Paper::inside, ExternalResourceControlPriority.RUN_AFTER_RESOLVING_URI);
        builder.useUriResolver((base, uri) -> uri != null && uri.startsWith(QrCode.PNG) ? uri : null);
        FSStreamFactory closed = url -> {
            throw new PaperRefused("names a place outside of the page");
        };
        builder.useProtocolsStreamImplementation(closed, PROTOCOLS);
    }

    private static boolean inside(@Nullable String uri, ExternalResourceType type) {
        return type == ExternalResourceType.IMAGE_RASTER && uri != null && uri.startsWith(QrCode.PNG);
    }

    private static FSSupplier<InputStream> font(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Paper.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Takes no more than there may be. */
    private static final class Bounded extends ByteArrayOutputStream {

        @Override
        public synchronized void write(int one) {
            room(1);
            super.write(one);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            room(length);
            super.write(bytes, from, length);
        }

        private void room(int more) {
            if (count + more > MOST_BYTES) {
                throw new PaperRefused("makes more than " + MOST_BYTES + " bytes");
            }
        }
    }
}
