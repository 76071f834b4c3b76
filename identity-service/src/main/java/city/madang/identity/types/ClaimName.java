package city.madang.identity.types;

import java.util.Set;
import java.util.regex.Pattern;

/** Which names a claim may have: none that SD-JWT VC or JWT give a meaning of their own. */
final class ClaimName {

    static final String PATTERN = "[A-Za-z][A-Za-z0-9_-]{0,63}";
    private static final Pattern SHAPE = Pattern.compile(PATTERN);
    private static final Set<String> RESERVED =
            Set.of("iss", "sub", "aud", "nbf", "exp", "iat", "jti", "cnf", "vct", "status");

    private ClaimName() {}

    static boolean isAllowed(String name) {
        return SHAPE.matcher(name).matches() && !RESERVED.contains(name);
    }
}
