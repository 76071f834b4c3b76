package city.madang.records.documents.content;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionJavaScript;
import org.apache.pdfbox.pdmodel.interactive.action.PDActionLaunch;
import org.junit.jupiter.api.Test;

class InspectionTest {

    private static void taken(Format declared, byte[] content) {
        assertDoesNotThrow(() -> Inspection.inspect(declared, new ByteArrayInputStream(content)), declared.name());
    }

    private static String refused(Format declared, byte[] content) {
        return assertThrows(
                        Refused.class,
                        () -> Inspection.inspect(declared, new ByteArrayInputStream(content)),
                        declared.name())
                .why();
    }

    private static byte[] pdf(PdfMaker with) throws IOException {
        try (PDDocument document = new PDDocument()) {
            document.addPage(new PDPage());
            with.make(document);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            document.save(out);
            return out.toByteArray();
        }
    }

    private interface PdfMaker {
        void make(PDDocument document) throws IOException;
    }

    @Test
    void content_of_each_format_is_taken_as_what_it_is_and_as_nothing_else() throws Exception {
        Map<Format, byte[]> good = Map.of(
                Format.PDF, pdf(document -> {}),
                Format.JSON, "{\"이름\": [1, 2.5, null]}".getBytes(UTF_8),
                Format.XML, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><문서><a b=\"c\"/></문서>".getBytes(UTF_8),
                Format.PNG, image("png"),
                Format.JPEG, image("jpg"),
                Format.ZIP, zip(Map.of("폴더/문서.txt", "안녕".getBytes(UTF_8), "b", new byte[100_000])));
        for (Map.Entry<Format, byte[]> each : good.entrySet()) {
            taken(each.getKey(), each.getValue());
            for (Format other : Format.values()) {
                boolean text = (other == Format.TEXT || other == Format.CSV)
                        && (each.getKey() == Format.JSON || each.getKey() == Format.XML);
                if (other != each.getKey() && !text) {
                    refused(other, each.getValue());
                }
            }
            byte[] cut = Arrays.copyOf(each.getValue(), each.getValue().length - 12);
            refused(each.getKey(), cut);
        }
        taken(Format.TEXT, "가나다\n".getBytes(UTF_8));
        taken(Format.CSV, "a;b\r\n1;2\r\n".getBytes(UTF_8));
        refused(Format.TEXT, "가나다".getBytes(java.nio.charset.Charset.forName("EUC-KR")));
        refused(Format.TEXT, "a\u0000b".getBytes(UTF_8));
        refused(Format.TEXT, "  <!DOCTYPE html><script>alert(1)</script>".getBytes(UTF_8));
        refused(Format.TEXT, "MZ program".getBytes(UTF_8));
        refused(Format.JSON, "{} {}".getBytes(UTF_8));
        refused(Format.JSON, "{\"a\": 1, \"a\": 2}".getBytes(UTF_8));
        refused(Format.JSON, ("[".repeat(200) + "]".repeat(200)).getBytes(UTF_8));
        refused(Format.JSON, new byte[0]);
    }

    @Test
    void a_pdf_with_a_script_a_launch_an_attachment_or_encryption_is_refused_however_it_hides() throws Exception {
        byte[] script =
                pdf(document -> document.getDocumentCatalog().setOpenAction(new PDActionJavaScript("app.alert('x')")));
        assertTrue(refused(Format.PDF, script).contains("JavaScript"));
        byte[] launch = pdf(document -> {
            PDActionLaunch action = new PDActionLaunch();
            document.getDocumentCatalog().setOpenAction(action);
        });
        assertTrue(refused(Format.PDF, launch).contains("Launch"));
        byte[] encrypted =
                pdf(document -> document.protect(new StandardProtectionPolicy("owner", "", new AccessPermission())));
        assertTrue(refused(Format.PDF, encrypted).contains("Encrypt"));
        // the name written with #xx
        refused(Format.PDF, plainPdf("<< /S /J#61va#53cript /JS (app.alert(1)) >>"));
        refused(Format.PDF, plainPdf("<< /Type /EmbeddedFile >>"));
        // in an object stream, compressed; PDFBox writes such
        byte[] inner = "1 0 << /S /JavaScript /JS (x) >>".getBytes(ISO_8859_1);
        refused(Format.PDF, stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", deflated(inner)));
        refused(Format.PDF, stream("/Filter /FlateDecode", deflated(inner)));
        // within the data of a stream, where a table may point
        refused(Format.PDF, stream("", "9 0 obj << /S /JavaScript >> endobj".getBytes(ISO_8859_1)));
        // behind filters through which names do not show
        for (String filter : new String[] {
            "/Filter [/FlateDecode /FlateDecode]",
            "/Filter [/ASCIIHexDecode /FlateDecode]",
            "/Filter /LZWDecode",
            "/Filter 9 0 R",
            "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >>"
        }) {
            refused(Format.PDF, stream("/Type /ObjStm /N 1 /First 4 " + filter, deflated(deflated(inner))));
            // a string that looks like the end of an object hides nothing
            refused(Format.PDF, stream("/N 1 /First 4 /X (endstream 3 0 obj) " + filter, deflated(deflated(inner))));
        }
        // a stream that pretends to go on to the end of the file
        byte[] stored = stored(stream("/Filter /FlateDecode", deflated(inner)));
        refused(Format.PDF, stream("", stored));
        byte[] harmless = "1 0 << /Type /Page >>".getBytes(ISO_8859_1);
        taken(Format.PDF, stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", deflated(harmless)));
        taken(Format.PDF, stream("/Type /XObject /Filter [/ASCII85Decode /LZWDecode]", new byte[] {1, 2, 3}));
    }

    @Test
    void a_pdf_ends_where_it_says_and_does_not_unfold_without_bound() throws Exception {
        byte[] good = pdf(document -> {});
        refused(Format.PDF, concat(good, new byte[2_000]));
        refused(Format.PDF, concat("x".getBytes(UTF_8), good));
        byte[] bomb = stream("/Filter /FlateDecode", deflated(new byte[5_000_000]));
        assertTrue(bomb.length < 10_000);
        Refused why = assertThrows(Refused.class, () -> PdfScan.scan(new ByteArrayInputStream(bomb), 1_000_000));
        assertTrue(why.why().contains("unfolds"));
        taken(Format.PDF, bomb);
    }

    @Test
    void xml_with_a_document_type_is_refused_before_anything_unfolds() {
        refused(
                Format.XML,
                ("<!DOCTYPE a [<!ENTITY x \"ha\"><!ENTITY y \"" + "&x;".repeat(100) + "\">]><a>&y;</a>")
                        .getBytes(UTF_8));
        refused(Format.XML, "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>".getBytes(UTF_8));
        refused(Format.XML, "<a>&unknown;</a>".getBytes(UTF_8));
        refused(Format.XML, ("<a>".repeat(300) + "</a>".repeat(300)).getBytes(UTF_8));
        refused(Format.XML, "<a><b></a>".getBytes(UTF_8));
        refused(Format.XML, "<a/><a/>".getBytes(UTF_8));
        refused(Format.XML, "no xml".getBytes(UTF_8));
    }

    @Test
    void an_archive_that_unfolds_without_bound_is_refused_by_what_it_unfolds_to() throws Exception {
        byte[] bomb = zip(Map.of("zeros", new byte[3_000_000]));
        Refused why = assertThrows(
                Refused.class,
                () -> ZipScan.scan(
                        Format.ZIP, new ByteArrayInputStream(bomb), new ZipScan.Budget(1 << 30, 1 << 20, 100)));
        assertTrue(why.why().contains("unfolds"), why.why());
        byte[] nested = zip(Map.of("inner.zip", zip(Map.of("zeros", new byte[3_000_000]))));
        assertThrows(
                Refused.class,
                () -> ZipScan.scan(
                        Format.ZIP, new ByteArrayInputStream(nested), new ZipScan.Budget(2 << 20, 1 << 30, 100)));
        taken(Format.ZIP, nested);
        assertTrue(refused(Format.ZIP, zip(Map.of("a.zip", zip(Map.of("b.zip", zip(Map.of("c", new byte[1])))))))
                .contains("nested"));
    }

    @Test
    void an_archive_whose_names_lead_out_or_whose_directory_tells_something_else_is_refused() throws Exception {
        for (String name : new String[] {
            "../x", "a/../../x", "/etc/passwd", "C:\\x", "a\\..\\b", "a/./b", "a//b", "x\u0000.txt", "a\u202etxt.exe"
        }) {
            refused(Format.ZIP, zip(Map.of(name, new byte[1])));
        }
        byte[] good = zip(Map.of("aaaa", "content".getBytes(UTF_8)));
        taken(Format.ZIP, good);
        byte[] renamed = good.clone();
        int central = new String(good, ISO_8859_1).lastIndexOf("aaaa");
        renamed[central] = 'b';
        refused(Format.ZIP, renamed);
        refused(Format.ZIP, concat("#!/bin/sh\n".getBytes(UTF_8), good));
        refused(Format.ZIP, concat(good, new byte[] {1}));
        byte[] damaged = good.clone();
        damaged[40] ^= 1;
        refused(Format.ZIP, damaged);
    }

    @Test
    void an_office_file_is_one_and_holds_no_macros() throws Exception {
        Map<String, byte[]> word =
                Map.of("[Content_Types].xml", "<Types/>".getBytes(UTF_8), "word/document.xml", "<d/>".getBytes(UTF_8));
        taken(Format.DOCX, zip(word));
        refused(Format.XLSX, zip(word));
        Map<String, byte[]> macros = new java.util.HashMap<>(word);
        macros.put("word/vbaProject.bin", new byte[10]);
        refused(Format.DOCX, zip(macros));
    }

    @Test
    void an_image_with_more_pixels_than_any_scan_or_something_behind_it_is_refused() throws Exception {
        byte[] png = image("png");
        refused(Format.PNG, concat(png, "<script>".getBytes(UTF_8)));
        byte[] huge = png.clone();
        java.nio.ByteBuffer.wrap(huge).putInt(16, 60_000).putInt(20, 60_000);
        CRC32 crc = new CRC32();
        crc.update(huge, 12, 17);
        java.nio.ByteBuffer.wrap(huge).putInt(29, (int) crc.getValue());
        assertTrue(refused(Format.PNG, huge).contains("pixels"));
        refused(Format.JPEG, concat(image("jpg"), new byte[] {0, 1}));
    }

    @Test
    void a_file_name_is_a_name_and_no_path() {
        for (String good : new String[] {"문서 1.pdf", "report-2026.final.pdf", "a"}) {
            assertTrue(FileName.fits(good), good);
        }
        for (String bad : new String[] {
            "",
            " ",
            "..",
            ".",
            "../a",
            "a/b",
            "a\\b",
            "C:x",
            "a\u0000",
            "a\nb",
            ".htaccess",
            "x.",
            " a",
            "a\u202e.pdf",
            "CON",
            "nul.txt",
            "a".repeat(151),
            "\u1112\u1161\u11ab.pdf"
        }) {
            assertFalse(FileName.fits(bad), HexFormat.of().formatHex(bad.getBytes(UTF_8)));
        }
    }

    private static byte[] plainPdf(String object) {
        return ("%PDF-1.7\n1 0 obj\n" + object + "\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n")
                .getBytes(ISO_8859_1);
    }

    private static byte[] stream(String dictionary, byte[] data) {
        return concat(
                ("%PDF-1.7\n1 0 obj\n<< " + dictionary + " /Length " + data.length + " >>\nstream\r\n")
                        .getBytes(ISO_8859_1),
                data,
                "\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n".getBytes(ISO_8859_1));
    }

    private static byte[] deflated(byte[] bytes) {
        return deflated(bytes, Deflater.BEST_COMPRESSION);
    }

    private static byte[] stored(byte[] bytes) {
        return deflated(bytes, Deflater.NO_COMPRESSION);
    }

    private static byte[] deflated(byte[] bytes, int level) {
        Deflater deflater = new Deflater(level);
        deflater.setInput(bytes);
        deflater.finish();
        byte[] out = new byte[bytes.length + 1_000];
        return Arrays.copyOf(out, deflater.deflate(out));
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private static byte[] image(String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(true, ImageIO.write(new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB), format, out));
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
