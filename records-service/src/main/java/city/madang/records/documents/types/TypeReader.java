package city.madang.records.documents.types;

import city.madang.records.catalogue.definition.FormError;
import city.madang.records.catalogue.definition.FormSchema;
import city.madang.records.documents.content.Format;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a definition whole: either it is valid, or every mistake is named by its JSON pointer. */
public final class TypeReader {

    private static final Set<String> MEMBERS = Set.of(
            "title",
            "metadata",
            "search",
            "formats",
            "most_bytes",
            "retention_days",
            "early_destruction",
            "personal",
            "open_to_subject",
            "break_glass");

    private static final int LONGEST_TITLE = 200;
    private static final int MOST_POINTERS = 20;
    private static final int MOST_AGENCIES = 50;

    /** A century. */
    private static final int LONGEST_RETENTION = 36_525;

    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{1,30}");

    /** Of members of objects alone: what is found is a value at the end of such a path. */
    private static final Pattern POINTER = Pattern.compile("(/[A-Za-z_][A-Za-z0-9_-]{0,63}){1,5}");

    private final JsonNode tree;
    private final List<FormError> errors = new ArrayList<>();

    private TypeReader(JsonNode tree) {
        this.tree = tree;
    }

    /** What reading gave. */
    public sealed interface Result {
        record Read(DocumentType type) implements Result {}

        record Wrong(List<FormError> errors) implements Result {}
    }

    public static Result read(JsonNode tree) {
        return new TypeReader(tree).read();
    }

    private Result read() {
        if (!tree.isObject()) {
            return new Result.Wrong(List.of(new FormError("", "must be an object")));
        }
        tree.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                wrong("/" + name, "is not known");
            }
        });
        @Nullable FormSchema schema = schema();
        boolean personal = flag("personal", true);
        DocumentType type = schema == null
                ? null
                : new DocumentType(
                        title("ko"),
                        title("en"),
                        schema,
                        search(),
                        formats(),
                        number("most_bytes", Format.GIGABYTE, Format.GIGABYTE),
                        tree.has("retention_days")
                                ? Integer.valueOf((int) number("retention_days", 1, LONGEST_RETENTION))
                                : null,
                        flag("early_destruction", false),
                        personal,
                        flag("open_to_subject", personal),
                        agencies(),
                        tree);
        return type == null || !errors.isEmpty() ? new Result.Wrong(List.copyOf(errors)) : new Result.Read(type);
    }

    private @Nullable FormSchema schema() {
        try {
            return FormSchema.of(tree.path("metadata"));
        } catch (FormSchema.Malformed malformed) {
            wrong("/metadata" + malformed.pointer(), malformed.why());
            return null;
        }
    }

    private String title(String language) {
        JsonNode title = tree.path("title").path(language);
        if (!title.isTextual() || title.asText().isBlank() || title.asText().length() > LONGEST_TITLE) {
            wrong("/title/" + language, "must be text of 1 to " + LONGEST_TITLE + " characters");
        }
        return title.asText();
    }

    private List<String> search() {
        return texts("search", MOST_POINTERS, POINTER, "must be a JSON pointer of members of objects");
    }

    private Set<Format> formats() {
        Set<Format> formats = EnumSet.noneOf(Format.class);
        JsonNode names = tree.path("formats");
        if (!names.isArray() || names.isEmpty()) {
            wrong("/formats", "must list at least one media type");
        }
        for (int i = 0; i < names.size(); i++) {
            var format = Format.of(names.get(i).asText());
            if (format.isEmpty()) {
                wrong("/formats/" + i, "is not a media type that is taken");
            }
            format.ifPresent(formats::add);
        }
        return formats;
    }

    private Set<String> agencies() {
        return new LinkedHashSet<>(texts("break_glass", MOST_AGENCIES, SLUG, "must be an agency's id"));
    }

    private List<String> texts(String member, int most, Pattern pattern, String why) {
        JsonNode list = tree.path(member);
        if (list.isMissingNode()) {
            return List.of();
        }
        if (!list.isArray() || list.size() > most) {
            wrong("/" + member, "must be a list of at most " + most);
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!list.get(i).isTextual()
                    || !pattern.matcher(list.get(i).asText()).matches()) {
                wrong("/" + member + "/" + i, why);
            }
            texts.add(list.get(i).asText());
        }
        return List.copyOf(texts);
    }

    private boolean flag(String member, boolean otherwise) {
        JsonNode flag = tree.path(member);
        if (!flag.isMissingNode() && !flag.isBoolean()) {
            wrong("/" + member, "must be true or false");
        }
        return flag.asBoolean(otherwise);
    }

    private long number(String member, long otherwise, long most) {
        JsonNode number = tree.path(member);
        if (number.isMissingNode()) {
            return otherwise;
        }
        if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 1 || number.asLong() > most) {
            wrong("/" + member, "must be a whole number from 1 to " + most);
        }
        return number.asLong();
    }

    private void wrong(String pointer, String why) {
        errors.add(new FormError(pointer, why));
    }
}
