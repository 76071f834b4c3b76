package city.madang.identity.types;

import java.util.Set;
import java.util.regex.Pattern;

/** Which names a claim may have: none that SD-JWT VC or JWT give a meaning of their own. */
final class ClaimName {

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    /** Name spaces and elements of an mdoc. */
    private static final Pattern ELEMENT = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

    private static final Set<String> RESERVED =
            Set.of("iss", "sub", "aud", "nbf", "exp", "iat", "jti", "cnf", "vct", "status");

    private ClaimName() {}

    static boolean isShaped(String name) {
        return SHAPE.matcher(name).matches();
    }

    static boolean isElement(String name) {
        return ELEMENT.matcher(name).matches();
    }

    static boolean isAllowed(String name) {
        return isShaped(name) && !RESERVED.contains(name);
    }
}
