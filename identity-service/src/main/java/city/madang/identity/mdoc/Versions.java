package city.madang.identity.mdoc;

import city.madang.identity.jose.Malformed;
import java.util.regex.Pattern;

/** Versions of ISO/IEC 18013-5 structures: a minor one may add members that a reader does not know, a major one may not be read. */
final class Versions {

    private static final Pattern UNDERSTOOD = Pattern.compile("1\\.[0-9]");

    private Versions() {}

    static void check(String version, String of) throws Malformed {
        if (!UNDERSTOOD.matcher(version).matches()) {
            throw new Malformed("the version of " + of + " is not understood");
        }
    }
}
