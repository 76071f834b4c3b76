package city.madang.records.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class RecordTemplateTest {

    private static final Paper PAPER = new Paper();
    private static final String QR = "<img src=\"{{qr}}\"/>";

    private static String page(String style, String body) {
        return "<html><head><style>" + style + "</style></head><body>" + body + QR + "</body></html>";
    }

    private static void refused(String template) {
        assertInstanceOf(RecordTemplate.Result.Wrong.class, RecordTemplate.read(template, Set.of("plate")), template);
    }

    private static RecordTemplate read(String template) {
        return assertInstanceOf(
                        RecordTemplate.Result.Read.class,
                        RecordTemplate.read(template, Set.of("plate")),
                        () -> template + RecordTemplate.read(template, Set.of("plate")))
                .template();
    }

    private static Face face(String value) {
        return new Face(
                "허가증",
                "Permit",
                "교통국",
                "Transport",
                "7e0b5b0a-0000-4000-8000-000000000001",
                LocalDate.of(2026, 11, 26),
                LocalDate.of(2027, 11, 26),
                "https://localhost:8443/records/verify/7e0b5b0a-0000-4000-8000-000000000001",
                List.of(new RecordTemplate.Line("plate", "차량 번호", "Plate", value)));
    }

    private static String text(byte[] pdf) throws Exception {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document);
        }
    }

    @Test
    void what_names_a_place_is_no_template() {
        for (String css : List.of(
                "body { background: url(http://127.0.0.1/x.png) }",
                "body { background: URL ( 'file:///etc/passwd' ) }",
                "body { background: u\\72l(http://127.0.0.1/) }",
                "body { background: ur/**/l(x) }",
                "@import 'http://127.0.0.1/x.css';",
                "@font-face { font-family: x; src: url(file:///x.ttf) }",
                "li { list-style: url(x) }",
                "p:before { content: url(x) }",
                "p { background: image-set('x' 1x) }",
                "p { background: image(x) }",
                "p { -fs-pdf-font-embed: embed }",
                "p { background: linear-gradient(red, blue) }",
                "p { width: expression(1) }",
                "p { font-family: Times }",
                "p { font: 12pt serif }",
                "p { width: 99999999px }",
                "p { width: 1e9px }",
                "@namespace x 'http://x';",
                "p { content: attr(x) }")) {
            refused(page(css, "<p>x</p>"));
            refused(page("", "<p style=\"" + css.replace("\"", "") + "\">x</p>"));
        }
        for (String body : List.of(
                "<img src=\"http://127.0.0.1/x.png\"/>",
                "<img src=\"file:///etc/passwd\"/>",
                "<img src=\"classpath:/application.properties\"/>",
                "<img src=\"data:image/svg+xml;base64,PHN2Zy8+\"/>",
                "<img src=\"{{verify}}\"/>",
                "<img alt=\"x\"/>",
                "<object data=\"file:///etc/passwd\"/>",
                "<embed src=\"x\"/>",
                "<iframe src=\"file:///etc/passwd\"/>",
                "<link rel=\"stylesheet\" href=\"http://127.0.0.1/\"/>",
                "<link rel=\"attachment\" href=\"file:///etc/passwd\"/>",
                "<a href=\"file:///etc/passwd\">x</a>",
                "<script>x</script>",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
                "<math/>",
                "<form action=\"http://x\"/>",
                "<input/>",
                "<bookmarks/>",
                "<meta http-equiv=\"refresh\" content=\"0\"/>",
                "<base href=\"http://x\"/>",
                "<p onclick=\"x\">x</p>",
                "<p background=\"http://x\">x</p>",
                "<p class=\"url(x)\">x</p>",
                "<td colspan=\"1000000\">x</td>",
                "<!-- x -->",
                "<?xml-stylesheet href=\"http://x\"?>",
                "<p>{{fact.unknown}}</p>",
                "<p>{{secret}}</p>",
                "<p>a {{facts}}</p>")) {
            refused(page("", body));
        }
        refused("<html><head><style>p { color: {{fact.plate}} }</style></head><body>" + QR + "</body></html>");
        refused("<html><body>no code</body></html>");
        refused("<svg/>");
        refused("not markup");
        refused(page("", "<p>".repeat(20) + "</p>".repeat(20)));
        refused(page("", "<br/>".repeat(500)));
        refused(page("", "<table><tr><td>".repeat(4) + "</td></tr></table>".repeat(4)));
        refused(page("", "x".repeat(RecordTemplate.LONGEST)));
    }

    @Test
    void a_document_type_and_entities_are_refused_before_they_do_anything() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = server(asked);
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/x";
        try {
            for (String prologue : List.of(
                    "<!DOCTYPE html SYSTEM '" + url + "'>",
                    "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
                    "<!DOCTYPE html [<!ENTITY x SYSTEM '" + url + "'>]>",
                    "<!DOCTYPE html [<!ENTITY % x SYSTEM '" + url + "'> %x;]>",
                    "<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY x '&b;&b;&b;'>]>")) {
                refused(prologue + page("", "<p>&x;</p>"));
            }
            refused("<html xmlns:xi=\"http://www.w3.org/2001/XInclude\"><body><xi:include href=\"" + url + "\"/>" + QR
                    + "</body></html>");
            assertEquals(0, asked.get());
        } finally {
            server.stop(0);
        }
    }

    /** What the check of templates would let through by mistake finds every door shut. */
    @Test
    void the_printer_reads_no_file_and_asks_no_host_whatever_the_page_says(@TempDir Path folder) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = server(asked);
        Path secret = Files.writeString(folder.resolve("secret.css"), "body:before { content: 'STOLEN' }");
        String http = "http://127.0.0.1:" + server.getAddress().getPort() + "/x";
        try {
            for (String place : List.of(
                    http,
                    secret.toUri().toString(),
                    secret.toString(),
                    "jar:" + secret.toUri() + "!/x",
                    "classpath:/fonts/OFL.txt")) {
                byte[] pdf = PAPER.print(
                        raw("<html><head><link rel='stylesheet' type='text/css' href='" + place + "'/>"
                                + "<link rel='attachment' href='" + place + "'/><style>@import url('" + place
                                + "'); @font-face { font-family: 'x'; src: url('" + place
                                + "'); } body { background-image: url('" + place + "'); font-family: 'Nanum Gothic' }"
                                + " li { list-style-image: url('" + place + "') }</style></head><body>here<img src='"
                                + place + "'/><object data='" + place + "' type='image/svg+xml'/><ul><li>x</li></ul>"
                                + "<iframe src='" + place + "'/><a href='" + place
                                + "' download='x' relationship='Data'>x</a></body></html>"),
                        Duration.ofSeconds(20));
                assertFalse(text(pdf).contains("STOLEN"), place);
                try (PDDocument document = Loader.loadPDF(pdf)) {
                    assertEquals(null, document.getDocumentCatalog().getNames(), "nothing is attached: " + place);
                }
            }
            assertEquals(0, asked.get(), "nobody was asked");
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer server(AtomicInteger asked) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] body = "body:before { content: 'STOLEN' }".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static Document raw(String xhtml) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xhtml)));
    }

    @Test
    void values_are_text_and_never_markup() throws Exception {
        RecordTemplate template = read(page("", "<p>[{{fact.plate}}]</p><div>{{facts}}</div>"));
        String evil = "<b>&amp;</b><img src='file:///etc/passwd'/>{{record}}\u0000\ud800";
        String printed = text(PAPER.print(template, face(evil)));
        assertTrue(printed.contains("<b>&amp;</b><img"), printed);
        assertTrue(printed.contains("{{record}}"), "a value is not looked at again: " + printed);
    }

    @Test
    void a_template_of_an_agency_is_printed_with_its_values() throws Exception {
        RecordTemplate template = read(page(
                "@page { size: A5; margin: 10mm } p.big { font-size: 18pt; color: #123456 } p:after { content: '.' }",
                "<p class=\"big\">{{title.ko}} / {{title.en}}: {{fact.plate}}</p><p>{{agency.ko}} {{record}} {{issued}}"
                        + " {{valid_until}} {{verify}}</p>"));
        String printed = text(PAPER.print(template, face("12가3456")));
        for (String part :
                List.of("허가증 / Permit: 12가3456", "교통국", "2026-11-26", "2027-11-26", "records/verify/7e0b5b0a")) {
            assertTrue(printed.replaceAll("\\s", "").contains(part.replace(" ", "")), part + " in " + printed);
        }
        assertEquals(null, PAPER.rehearse(template, face("12가3456").lines()));
    }

    @Test
    void what_takes_too_long_or_too_many_pages_is_given_up() throws Exception {
        StringBuilder endless = new StringBuilder("<html><body>");
        for (int i = 0; i < 60_000; i++) {
            endless.append("<span>가나다 abc </span>");
        }
        Document large = raw(endless.append("</body></html>").toString());
        PaperRefused late = assertThrows(PaperRefused.class, () -> PAPER.print(large, Duration.ofMillis(30)));
        assertTrue(String.valueOf(late.getMessage()).contains("too long"), late.getMessage());
        RecordTemplate manyPages = read(page("p { page-break-after: always }", "<p>x</p>".repeat(12)));
        assertNotNull(PAPER.rehearse(manyPages, face("x").lines()));
        RecordTemplate poster = read(page("@page { size: 2000mm 2000mm }", "<p>x</p>"));
        assertNotNull(PAPER.rehearse(poster, face("x").lines()));
    }
}
