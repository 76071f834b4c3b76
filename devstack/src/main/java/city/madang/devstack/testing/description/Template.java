package city.madang.devstack.testing.description;

import java.util.Comparator;

/** A path of the description, in which a segment may hold parameters in braces (OpenAPI 3.1 §4.8.8). */
final class Template {

    /** A path without parameters is meant before one with them (OpenAPI 3.1 §4.8.8.2). */
    static final Comparator<String> PLAIN_FIRST = Comparator.comparingLong(Template::parameters);

    private Template() {}

    static boolean matches(String template, String path) {
        String[] wanted = template.split("/", -1);
        String[] found = path.split("/", -1);
        if (wanted.length != found.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].contains("{") && !wanted[i].equals(found[i])) {
                return false;
            }
        }
        return true;
    }

    private static long parameters(String template) {
        return template.chars().filter(letter -> letter == '{').count();
    }
}
