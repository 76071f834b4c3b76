package city.madang.identity.trust;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.language.LocalText;
import city.madang.identity.types.Format;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rights as JSON: credentials in the form in which DCQL asks for them and registration certificates list them ({@code format},
 * {@code meta}, {@code claims} with {@code path}).
 */
final class RightsJson {

    private static final int MOST_TYPES = 100;
    private static final int MOST_CLAIMS = 50;

    /** A StringOrURI that is printable, as a {@code vct} and a {@code doctype} are. */
    private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1,300}");

    private RightsJson() {}

    static List<TypeRef> issues(List<? extends @Nullable Object> json) throws Malformed {
        List<TypeRef> issues = new ArrayList<>();
        for (@Nullable Object each : bounded(json, MOST_TYPES, "issues")) {
            TypeRef type = type(each);
            if (issues.contains(type)) {
                throw new Malformed("issues names a type twice");
            }
            issues.add(type);
        }
        return issues;
    }

    static List<AgencyRights.Ask> asks(List<? extends @Nullable Object> json) throws Malformed {
        List<AgencyRights.Ask> asks = new ArrayList<>();
        for (@Nullable Object each : bounded(json, MOST_TYPES, "asks")) {
            TypeRef type = type(each);
            Map<?, ?> ask = (Map<?, ?>) each;
            asks.add(new AgencyRights.Ask(
                    type,
                    claims(ask.get("claims"), type.format()),
                    text(ask.get("purpose"), "purpose"),
                    text(ask.get("legal_basis"), "legal_basis")));
        }
        return asks;
    }

    private static TypeRef type(@Nullable Object json) throws Malformed {
        if (json instanceof Map<?, ?> map
                && map.get("format") instanceof String text
                && map.get("meta") instanceof Map<?, ?> meta) {
            Format format = Format.of(text).orElseThrow(() -> new Malformed("format must be dc+sd-jwt or mso_mdoc"));
            @Nullable
            Object name = format == Format.MSO_MDOC
                    ? meta.get("doctype_value")
                    : meta.get("vct_values") instanceof List<?> values && values.size() == 1 ? values.getFirst() : null;
            if (name instanceof String type && NAME.matcher(type).matches()) {
                return new TypeRef(format, type);
            }
        }
        throw new Malformed("a type needs format, and in meta one doctype_value or one of vct_values");
    }

    private static List<ClaimPath> claims(@Nullable Object json, Format format) throws Malformed {
        List<ClaimPath> paths = new ArrayList<>();
        if (json == null) {
            return paths;
        }
        if (!(json instanceof List<?> list)) {
            throw new Malformed("claims must be an array");
        }
        for (@Nullable Object each : bounded(list, MOST_CLAIMS, "claims")) {
            ClaimPath path = ClaimPath.parse(each instanceof Map<?, ?> claim ? claim.get("path") : null);
            if (format == Format.MSO_MDOC
                    && (path.steps().size() != 2 || !(path.steps().get(1) instanceof String))) {
                throw new Malformed("a path into an mdoc must be a namespace and an element");
            }
            paths.add(path);
        }
        return paths;
    }

    private static LocalText text(@Nullable Object json, String name) throws Malformed {
        if (json instanceof Map<?, ?> map && map.get("ko") instanceof String ko && map.get("en") instanceof String en) {
            LocalText text = new LocalText(ko, en);
            if (text.fits()) {
                return text;
            }
        }
        throw new Malformed(name + " must be {ko, en}, each of 1 to 200 characters");
    }

    private static List<? extends @Nullable Object> bounded(
            List<? extends @Nullable Object> json, int most, String name) throws Malformed {
        if (json.size() > most) {
            throw new Malformed(name + " must be at most " + most);
        }
        return json;
    }

    static List<Map<String, Object>> issues(AgencyRights rights) {
        return rights.issues().stream().map(RightsJson::type).toList();
    }

    static List<Map<String, Object>> asks(AgencyRights rights) {
        return rights.asks().stream().map(RightsJson::ask).toList();
    }

    static Map<String, Object> type(TypeRef type) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", type.format().text());
        json.put(
                "meta",
                type.format() == Format.MSO_MDOC
                        ? Map.of("doctype_value", type.name())
                        : Map.of("vct_values", List.of(type.name())));
        return json;
    }

    static Map<String, Object> ask(AgencyRights.Ask ask) {
        Map<String, Object> json = type(ask.type());
        json.put(
                "claims",
                ask.claims().stream().map(path -> Map.of("path", path.steps())).toList());
        json.put("purpose", text(ask.purpose()));
        json.put("legal_basis", text(ask.legalBasis()));
        return json;
    }

    private static Map<String, Object> text(LocalText text) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ko", text.ko());
        json.put("en", text.en());
        return json;
    }

    /** From the database. */
    static AgencyRights stored(boolean ownTypes, String issues, String asks) {
        try {
            return new AgencyRights(ownTypes, issues(StrictJson.array(issues)), asks(StrictJson.array(asks)));
        } catch (Malformed damaged) {
            throw new IllegalStateException("stored rights are damaged", damaged);
        }
    }
}
