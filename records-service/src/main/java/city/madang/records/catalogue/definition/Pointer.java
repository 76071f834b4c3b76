package city.madang.records.catalogue.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** RFC 6901 JSON pointers, as far as a definition uses them. */
final class Pointer {

    private static final Pattern FORM = Pattern.compile("(/([^~/]|~[01])*)*");

    private Pointer() {}

    static boolean wellFormed(String pointer) {
        return FORM.matcher(pointer).matches();
    }

    /** The reference tokens, unescaped; empty if the pointer is malformed. */
    static Optional<List<String>> tokens(String pointer) {
        if (!wellFormed(pointer)) {
            return Optional.empty();
        }
        List<String> tokens = new ArrayList<>();
        if (!pointer.isEmpty()) {
            for (String token : pointer.substring(1).split("/", -1)) {
                tokens.add(token.replace("~1", "/").replace("~0", "~"));
            }
        }
        return Optional.of(tokens);
    }

    static String escape(String token) {
        return token.replace("~", "~0").replace("/", "~1");
    }
}
