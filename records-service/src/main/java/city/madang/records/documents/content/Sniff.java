package city.madang.records.documents.content;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Recognises content by its first bytes, as browsers do (WHATWG MIME Sniffing), so that no label hides another format. */
final class Sniff {

    private record Sign(String what, byte[] bytes) {}

    private static final List<Sign> SIGNS = List.of(
            sign("PDF", "%PDF-"),
            sign("ZIP", "PK\u0003\u0004"),
            sign("ZIP", "PK\u0005\u0006"),
            sign("PNG", "\u0089PNG\r\n\u001a\n"),
            sign("JPEG", "\u00ff\u00d8\u00ff"),
            sign("GIF", "GIF8"),
            sign("a program", "MZ"),
            sign("a program", "\u007fELF"),
            sign("a program", "\u00ca\u00fe\u00ba\u00be"),
            sign("a script", "#!"),
            sign("an OLE file", "\u00d0\u00cf\u0011\u00e0"),
            sign("RAR", "Rar!"),
            sign("7z", "7z\u00bc\u00af\u0027\u001c"),
            sign("gzip", "\u001f\u008b"),
            sign("RTF", "{\\rtf"),
            sign("PostScript", "%!PS"));

    private static final List<String> MARKUP =
            List.of("<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<svg");

    private Sniff() {}

    static void refuseOther(Format declared, byte[] start) throws Refused {
        String expected =
                switch (declared) {
                    case PDF -> "PDF";
                    case PNG -> "PNG";
                    case JPEG -> "JPEG";
                    case ZIP, DOCX, XLSX, PPTX, ODT, HWPX -> "ZIP";
                    case JSON, XML, TEXT, CSV -> "";
                };
        String found = "";
        for (Sign sign : SIGNS) {
            if (start.length >= sign.bytes().length
                    && Arrays.equals(start, 0, sign.bytes().length, sign.bytes(), 0, sign.bytes().length)) {
                found = sign.what();
                break;
            }
        }
        if (!found.equals(expected)) {
            throw new Refused(
                    found.isEmpty()
                            ? "it does not begin as " + declared.mediaType() + " does"
                            : "it is declared as " + declared.mediaType() + " and begins as " + found + " does");
        }
        if (expected.isEmpty()) {
            String text = new String(start, ISO_8859_1)
                    .replace("\u00ef\u00bb\u00bf", "")
                    .strip()
                    .toLowerCase(Locale.ROOT);
            if (MARKUP.stream().anyMatch(text::startsWith)) {
                throw new Refused("it is declared as " + declared.mediaType() + " and begins as a web page does");
            }
        }
    }

    private static Sign sign(String what, String bytes) {
        return new Sign(what, bytes.getBytes(ISO_8859_1));
    }
}
