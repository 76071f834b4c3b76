package city.madang.identity.types;

import city.madang.identity.jose.Malformed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads displays and claims in the form of OpenID4VCI 1.0, within bounds. */
final class DisplayReader {

    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_DESCRIPTION = 1000;

    /** A small picture in a {@code data:} URI. */
    private static final int LONGEST_LOGO = 16 * 1024;

    private static final int DEEPEST_PATH = 5;
    private static final int MOST_LANGUAGES = 20;
    private static final Pattern LOCALE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}");
    private static final Pattern COLOUR = Pattern.compile("#[0-9a-fA-F]{6}");
    private static final Pattern LOGO =
            Pattern.compile("https://[!-~]{1,2000}|data:image/[a-z+.-]{1,30};base64,[A-Za-z0-9+/]+={0,2}");
    private static final Set<String> DISPLAY_MEMBERS =
            Set.of("name", "locale", "description", "background_color", "text_color", "logo");

    private DisplayReader() {}

    static Display display(@Nullable Object json) throws Malformed {
        Map<?, ?> object = object(json, DISPLAY_MEMBERS, "display");
        return new Display(
                required(text(object, "name", LONGEST_NAME), "name"),
                locale(object),
                text(object, "description", LONGEST_DESCRIPTION),
                colour(object, "background_color"),
                colour(object, "text_color"),
                object.get("logo") == null ? null : logo(object.get("logo")));
    }

    static Claim claim(Map<String, Object> json) throws Malformed {
        Map<?, ?> object = object(json, Set.of("path", "display", "mandatory"), "a claim");
        if (!(object.get("path") instanceof List<?> path) || path.isEmpty() || path.size() > DEEPEST_PATH) {
            throw new Malformed("a claim needs a path of 1 to " + DEEPEST_PATH + " names");
        }
        List<String> names = new ArrayList<>();
        for (Object part : path) {
            if (!(part instanceof String name)) {
                throw new Malformed("a claim's path holds names");
            }
            names.add(name);
        }
        @Nullable Object mandatory = object.get("mandatory");
        if (mandatory != null && !(mandatory instanceof Boolean)) {
            throw new Malformed("mandatory is true or false");
        }
        return new Claim(names, labels(object.get("display")), Boolean.TRUE.equals(mandatory));
    }

    private static List<Claim.Label> labels(@Nullable Object json) throws Malformed {
        if (json == null) {
            return List.of();
        }
        if (!(json instanceof List<?> list) || list.size() > MOST_LANGUAGES) {
            throw new Malformed("display of a claim holds at most " + MOST_LANGUAGES + " languages");
        }
        List<Claim.Label> labels = new ArrayList<>();
        Set<String> locales = new HashSet<>();
        for (Object each : list) {
            Map<?, ?> object = object(each, Set.of("name", "locale"), "display of a claim");
            Claim.Label label = new Claim.Label(required(text(object, "name", LONGEST_NAME), "name"), locale(object));
            if (!locales.add(label.locale().toLowerCase(Locale.ROOT))) {
                throw new Malformed("display of a claim has a language twice");
            }
            labels.add(label);
        }
        return labels;
    }

    private static Display.Logo logo(@Nullable Object json) throws Malformed {
        Map<?, ?> object = object(json, Set.of("uri", "alt_text"), "logo");
        String uri = required(text(object, "uri", LONGEST_LOGO), "uri of a logo");
        if (!LOGO.matcher(uri).matches()) {
            throw new Malformed("a logo is at an https: URI or in a data: URI of an image");
        }
        return new Display.Logo(uri, text(object, "alt_text", LONGEST_NAME));
    }

    private static Map<?, ?> object(@Nullable Object json, Set<String> members, String what) throws Malformed {
        if (!(json instanceof Map<?, ?> object) || !members.containsAll(object.keySet())) {
            throw new Malformed(what + " is an object of " + String.join(", ", new java.util.TreeSet<>(members)));
        }
        return object;
    }

    private static String locale(Map<?, ?> object) throws Malformed {
        String locale = required(text(object, "locale", 50), "locale");
        if (!LOCALE.matcher(locale).matches()) {
            throw new Malformed("locale is a BCP 47 tag");
        }
        return locale;
    }

    private static @Nullable String colour(Map<?, ?> object, String name) throws Malformed {
        @Nullable String colour = text(object, name, 7);
        if (colour != null && !COLOUR.matcher(colour).matches()) {
            throw new Malformed(name + " is #rrggbb");
        }
        return colour;
    }

    private static @Nullable String text(Map<?, ?> object, String name, int longest) throws Malformed {
        @Nullable Object value = object.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)
                || text.isBlank()
                || text.length() > longest
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new Malformed(name + " is a text of at most " + longest + " characters");
        }
        return text;
    }

    private static String required(@Nullable String text, String name) throws Malformed {
        if (text == null) {
            throw new Malformed(name + " is missing");
        }
        return text;
    }
}
