package city.madang.identity.mdoc;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives claims that came as JSON the kinds of value that the standards' own name spaces ask for: full-dates, tdates and byte strings
 * (ISO/IEC 18013-5 §7.2.1 table 5, ISO/IEC 23220-2, the European PID). Values in name spaces of others, and text that is
 * not of the kind asked for, stay as they are.
 */
public final class MdlElements {

    private static final List<String> STANDARDS = List.of("org.iso.18013.5.", "org.iso.23220.", "eu.europa.ec.eudi.");

    private static final Set<String> DATES =
            Set.of("birth_date", "issue_date", "expiry_date", "issuance_date", "date_of_issuance", "date_of_expiry");

    private static final Set<String> TIMES = Set.of("portrait_capture_date");

    private static final Set<String> IMAGES =
            Set.of("portrait", "signature_usual_mark", "enrolment_portrait_image", "picture");

    private MdlElements() {}

    /** @param nameSpaces JSON values by name space and element identifier */
    public static Map<String, Map<String, Object>> fromJson(Map<String, Map<String, Object>> nameSpaces) {
        Map<String, Map<String, Object>> typed = new LinkedHashMap<>();
        nameSpaces.forEach((nameSpace, elements) -> {
            boolean standard = STANDARDS.stream().anyMatch(nameSpace::startsWith);
            typed.put(nameSpace, standard ? typed(elements) : elements);
        });
        return typed;
    }

    private static Map<String, Object> typed(Map<String, Object> elements) {
        Map<String, Object> typed = new LinkedHashMap<>();
        elements.forEach((identifier, value) -> typed.put(identifier, typed(identifier, value)));
        return typed;
    }

    private static Object typed(String identifier, Object value) {
        if (value instanceof String text) {
            return ofText(identifier, text);
        }
        // driving_privileges and residence structures hold dates of their own
        return value instanceof List<?> || value instanceof Map<?, ?> ? nested(value) : value;
    }

    private static Object nested(Object value) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (Object element : list) {
                elements.add(element == null ? null : nested(element));
            }
            return elements;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> members = new LinkedHashMap<>();
            map.forEach((key, member) -> members.put(key, member == null ? null : typed(String.valueOf(key), member)));
            return members;
        }
        return value;
    }

    private static Object ofText(String identifier, String text) {
        try {
            if (DATES.contains(identifier)) {
                return LocalDate.parse(text);
            }
            if (TIMES.contains(identifier)) {
                return Instant.parse(text);
            }
            if (IMAGES.contains(identifier) || identifier.startsWith("biometric_template_")) {
                String base64 = text.startsWith("data:") ? text.substring(text.indexOf(',') + 1) : text;
                return Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
            }
        } catch (DateTimeException | IllegalArgumentException another) {
            return text;
        }
        return text;
    }
}
