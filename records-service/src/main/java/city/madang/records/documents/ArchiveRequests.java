package city.madang.records.documents;

import city.madang.kit.problem.CommonProblem;
import city.madang.records.Members;
import city.madang.records.RecordsProblem;
import city.madang.records.catalogue.definition.FormError;
import city.madang.records.documents.content.FileName;
import city.madang.records.documents.content.Format;
import city.madang.records.documents.types.DocumentType;
import city.madang.records.log.CanonicalJson;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what agencies send, member by member; a mistake is a problem. */
final class ArchiveRequests {

    static final int LONGEST_BODY = 64 * 1024;
    static final int LONGEST_SEARCH = 8 * 1024;
    private static final int MOST_CRITERIA = 10;

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private ArchiveRequests() {}

    /** What an announcement says of the version, whatever its document. */
    record Announcement(String name, Format format, long length, @Nullable String sha256, String metadata) {}

    static Announcement announcement(JsonNode tree, DocumentType type) {
        String name = text(tree, "name");
        if (!FileName.fits(name)) {
            throw CommonProblem.INVALID_REQUEST.with("name must be a file's name of at most " + FileName.LONGEST
                    + " characters, without a path and in NFC");
        }
        Format format = Format.of(text(tree, "media_type"))
                .filter(type.formats()::contains)
                .orElseThrow(() -> CommonProblem.INVALID_REQUEST.with("media_type is not one that the type takes"));
        long most = Math.min(type.mostBytes(), format.mostBytes());
        JsonNode length = tree.path("length");
        if (!length.isIntegralNumber() || !length.canConvertToLong() || length.asLong() < 1) {
            throw CommonProblem.INVALID_REQUEST.with("length must be the number of bytes");
        }
        if (length.asLong() > most) {
            throw CommonProblem.TOO_LARGE.with("such a document may have " + most + " bytes");
        }
        String sha256 = tree.has("sha256") ? text(tree, "sha256") : null;
        if (sha256 != null && !SHA256.matcher(sha256).matches()) {
            throw CommonProblem.INVALID_REQUEST.with("sha256 must be 64 hex digits in lower case");
        }
        return new Announcement(name, format, length.asLong(), sha256, metadata(tree.path("metadata"), type));
    }

    private static String metadata(JsonNode metadata, DocumentType type) {
        if (!metadata.isObject()) {
            throw CommonProblem.INVALID_REQUEST.with("metadata must be an object");
        }
        List<FormError> errors = type.metadata().check(metadata);
        if (!errors.isEmpty()) {
            throw HttpProblem.builder(
                            RecordsProblem.METADATA_INVALID.with("the metadata have " + errors.size() + " error(s)"))
                    .with("errors", errors)
                    .build();
        }
        return CanonicalJson.of(metadata.toString());
    }

    static @Nullable String subject(JsonNode tree, DocumentType type) {
        if (!type.personal()) {
            if (tree.has("subject")) {
                throw CommonProblem.INVALID_REQUEST.with("documents of this type are about nobody");
            }
            return null;
        }
        return Members.uuid(tree, "subject").toString();
    }

    /** The criteria as one nested object that the metadata must contain. */
    static JsonObject criteria(JsonNode equals, @Nullable DocumentType type) {
        JsonObject wanted = new JsonObject();
        if (equals.isMissingNode()) {
            return wanted;
        }
        if (!equals.isObject() || equals.size() > MOST_CRITERIA || type == null) {
            throw CommonProblem.INVALID_REQUEST.with(
                    "equals must be an object of at most " + MOST_CRITERIA + " pointers, beside a type");
        }
        equals.properties().forEach(criterion -> {
            if (!type.search().contains(criterion.getKey())
                    || !criterion.getValue().isValueNode()) {
                throw CommonProblem.INVALID_REQUEST.with("equals may name what the type is searched by, with a value");
            }
            JsonObject at = wanted;
            String[] path = criterion.getKey().substring(1).split("/", -1);
            for (int i = 0; i + 1 < path.length; i++) {
                if (!at.containsKey(path[i])) {
                    at.put(path[i], new JsonObject());
                }
                at = at.getJsonObject(path[i]);
            }
            at.put(path[path.length - 1], new JsonObject("{\"v\":" + criterion.getValue() + "}").getValue("v"));
        });
        return wanted;
    }

    private static String text(JsonNode tree, String member) {
        if (!tree.path(member).isTextual()) {
            throw CommonProblem.INVALID_REQUEST.with(member + " must be text");
        }
        return tree.path(member).asText();
    }
}
