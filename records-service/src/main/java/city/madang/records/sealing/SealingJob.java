package city.madang.records.sealing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that is needed to seal one record. Holds data of a person; the row is erased when the record is stored.
 *
 * @param record the id, chosen with the decision, so that a repetition seals the same record
 * @param version 1, or one more than that of the record that it renews
 * @param template XHTML of {@link city.madang.records.paper.RecordTemplate}, null for the standard one
 * @param credential null if no credential comes with the record
 */
public record SealingJob(
        UUID record,
        UUID application,
        int version,
        String agency,
        String applicant,
        String service,
        String type,
        String titleKo,
        String titleEn,
        int validityDays,
        @Nullable String template,
        List<Line> lines,
        @Nullable Credential credential) {

    /** A statement with its label in both languages. */
    public record Line(String name, String ko, String en, String value) {}

    /**
     * @param identityKey public JWK to which the claims are encrypted
     */
    public record Credential(String id, JsonObject identityKey, JsonObject claims) {}

    String toJson() {
        JsonArray written = new JsonArray();
        lines.forEach(line -> written.add(new JsonObject()
                .put("name", line.name())
                .put("ko", line.ko())
                .put("en", line.en())
                .put("value", line.value())));
        JsonObject json = new JsonObject()
                .put("record", record.toString())
                .put("application", application.toString())
                .put("version", version)
                .put("agency", agency)
                .put("applicant", applicant)
                .put("service", service)
                .put("type", type)
                .put("title_ko", titleKo)
                .put("title_en", titleEn)
                .put("validity_days", validityDays)
                .put("template", template)
                .put("lines", written);
        if (credential != null) {
            json.put(
                    "credential",
                    new JsonObject()
                            .put("id", credential.id())
                            .put("identity_key", credential.identityKey())
                            .put("claims", credential.claims()));
        }
        return json.encode();
    }

    static SealingJob of(String text) {
        JsonObject json = new JsonObject(text);
        @Nullable JsonObject credential = json.getJsonObject("credential");
        return new SealingJob(
                UUID.fromString(json.getString("record")),
                UUID.fromString(json.getString("application")),
                json.getInteger("version", 1),
                json.getString("agency"),
                json.getString("applicant"),
                json.getString("service"),
                json.getString("type"),
                json.getString("title_ko"),
                json.getString("title_en"),
                json.getInteger("validity_days"),
                json.getString("template"),
                json.getJsonArray("lines").stream()
                        .map(JsonObject.class::cast)
                        .map(line -> new Line(
                                line.getString("name", ""),
                                line.getString("ko"),
                                line.getString("en"),
                                line.getString("value")))
                        .toList(),
                credential == null
                        ? null
                        : new Credential(
                                credential.getString("id"),
                                credential.getJsonObject("identity_key"),
                                credential.getJsonObject("claims")));
    }
}
