package city.madang.records.sealing;

import city.madang.records.agencies.Seal;
import city.madang.records.log.CanonicalJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** A record for machines: the same statements as on paper, as canonical JSON (RFC 8785). */
final class RecordJson {

    private RecordJson() {}

    /** @param verifyUrl where anyone checks the record */
    static String of(SealingJob job, Seal seal, int version, Instant issued, Instant validUntil, String verifyUrl) {
        JsonArray facts = new JsonArray();
        for (SealingJob.Line line : job.lines()) {
            facts.add(new JsonObject()
                    .put("name", line.name())
                    .put("label", text(line.ko(), line.en()))
                    .put("value", line.value()));
        }
        JsonObject json = new JsonObject()
                .put("record", job.record().toString())
                .put("type", job.type())
                .put("version", version)
                .put(
                        "agency",
                        new JsonObject().put("id", seal.agency()).put("name", text(seal.nameKo(), seal.nameEn())))
                .put("title", text(job.titleKo(), job.titleEn()))
                .put("issued", issued.toString())
                .put("valid_until", validUntil.toString())
                .put("verify", verifyUrl)
                .put("facts", facts);
        return CanonicalJson.of(json);
    }

    private static JsonObject text(String ko, String en) {
        return new JsonObject().put("ko", ko).put("en", en);
    }
}
