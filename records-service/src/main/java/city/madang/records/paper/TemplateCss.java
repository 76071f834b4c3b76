package city.madang.records.paper;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What CSS of a template may say. Whatever could name a place or hide that it does is refused by its form: at-rules but {@code @page}, functions but
 * those that count and colour, escapes, comments, strings but the names of fonts and quoted text without a colon or slash.
 */
final class TemplateCss {

    /** Characters of one style sheet or attribute. */
    private static final int LONGEST = 8_000;

    private static final Set<String> FUNCTIONS =
            Set.of("rgb", "rgba", "hsl", "hsla", "counter", "counters", "nth-child", "not");
    private static final Set<String> AT_RULES =
            Set.of("page", "top-left", "top-center", "top-right", "bottom-left", "bottom-center", "bottom-right");
    private static final Set<String> FONTS = Set.of("'nanum gothic'", "\"nanum gothic\"", "inherit");

    private static final Pattern FUNCTION = Pattern.compile("([A-Za-z_-][A-Za-z0-9_-]*)?\\s*\\(");
    private static final Pattern AT_RULE = Pattern.compile("@([A-Za-z-]*)");
    private static final Pattern FONT = Pattern.compile("font-family\\s*:([^;}]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{5,}|[0-9][eE][+-]?[0-9]");

    /** Words that are refused wherever they stand, in lower case. */
    private static final List<String> WORDS = List.of("\\", "/*", "<", "{{", "-fs-");

    private TemplateCss() {}

    /** A sentence, if there is something wrong. */
    static Optional<String> fault(String css) {
        if (css.length() > LONGEST) {
            return Optional.of("has more than " + LONGEST + " characters of CSS in one place");
        }
        String lower = css.toLowerCase(java.util.Locale.ROOT);
        for (String word : WORDS) {
            if (lower.contains(word)) {
                return Optional.of("has CSS with " + word + ", which is not taken");
            }
        }
        if (lower.matches("(?s).*font\\s*:.*")) {
            return Optional.of("sets font at once: set its size, weight and style");
        }
        Matcher function = FUNCTION.matcher(lower);
        while (function.find()) {
            if (function.group(1) == null || !FUNCTIONS.contains(function.group(1))) {
                return Optional.of("has a CSS function that is not one of " + new java.util.TreeSet<>(FUNCTIONS));
            }
        }
        Matcher rule = AT_RULE.matcher(lower);
        while (rule.find()) {
            if (!AT_RULES.contains(rule.group(1))) {
                return Optional.of("has an at-rule other than @page and its margins");
            }
        }
        Matcher font = FONT.matcher(lower);
        while (font.find()) {
            if (!FONTS.contains(font.group(1).strip())) {
                return Optional.of("names a font other than 'Nanum Gothic'");
            }
        }
        return NUMBER.matcher(lower).find() && !colours(lower)
                ? Optional.of("has a number of five digits or more")
                : Optional.empty();
    }

    /** Whether all long digit runs are colours. */
    private static boolean colours(String css) {
        return !NUMBER.matcher(css.replaceAll("#[0-9a-f]{3,8}\\b", "#")).find();
    }
}
