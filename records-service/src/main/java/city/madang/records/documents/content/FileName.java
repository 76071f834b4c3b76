package city.madang.records.documents.content;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** Names of files as people give them: shown and sent along, never used as a path. */
public final class FileName {

    /** Characters, in UTF-16. */
    public static final int LONGEST = 150;

    /** Names that some systems take for devices. */
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");

    private FileName() {}

    /** Whether a name is one file's, on any system. Anything that could lead elsewhere is not mended but refused. */
    public static boolean fits(String name) {
        return !name.isBlank()
                && name.length() <= LONGEST
                && name.equals(name.strip())
                && name.equals(Normalizer.normalize(name, Normalizer.Form.NFC))
                && !name.startsWith(".")
                && !name.endsWith(".")
                && name.codePoints().allMatch(FileName::harmless)
                && !DEVICES.contains(name.toLowerCase(Locale.ROOT).split("\\.", 2)[0]);
    }

    /** The same for a file in an archive: folders by {@code /}, each name of its own. */
    static boolean leadsNowhere(String path) {
        String inner = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (inner.isEmpty() || path.length() > 1_024) {
            return false;
        }
        for (String part : inner.split("/", -1)) {
            if (part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || !part.codePoints().allMatch(FileName::harmless)) {
                return false;
            }
        }
        return true;
    }

    /** No separator, drive, stream or wildcard, no control character, and nothing that turns the direction of writing. */
    private static boolean harmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> "/\\:*?\"<>|".indexOf(c) < 0;
        };
    }
}
