package city.madang.tlog.note;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A text with signatures (C2SP signed-note). That it could be parsed says nothing of who signed it.
 *
 * @param text what is signed, its last newline included
 * @param signatures in the order in which they stand
 */
public record SignedNote(String text, List<NoteSignature> signatures) {

    /** More than the sixteen that a verifier must take; some fifteen thousand bytes each would not matter either. */
    public static final int SIGNATURES_MAX = 64;

    /** Bytes. */
    public static final int LONGEST = 256 * 1024;

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    public static SignedNote parse(byte[] bytes) throws Malformed {
        if (bytes.length > LONGEST) {
            throw new Malformed("a note of " + bytes.length + " bytes");
        }
        try {
            return parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException wrong) {
            throw new Malformed("a note that is not UTF-8");
        }
    }

    public static SignedNote parse(String note) throws Malformed {
        if (note.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
            throw new Malformed("a note with control characters");
        }
        int split = note.lastIndexOf("\n\n");
        if (split < 0) {
            throw new Malformed("a note without an empty line before its signatures");
        }
        String lines = note.substring(split + 2);
        if (lines.isEmpty()) {
            throw new Malformed("a note without signatures");
        }
        return new SignedNote(note.substring(0, split + 1), signatureLines(lines));
    }

    /** Signature lines alone, as a witness answers them; each ends in a newline. */
    public static List<NoteSignature> signatureLines(String lines) throws Malformed {
        if (!lines.endsWith("\n")) {
            throw new Malformed("the last line has no newline");
        }
        String[] parts = lines.substring(0, lines.length() - 1).split("\n", -1);
        if (parts.length > SIGNATURES_MAX) {
            throw new Malformed("more than " + SIGNATURES_MAX + " signatures");
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (String part : parts) {
            signatures.add(NoteSignature.parse(part));
        }
        return signatures;
    }

    /** The note as it is sent. */
    public String format() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()));
        return note.toString();
    }

    public byte[] signedBytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
