package city.madang.records.sealing;

import city.madang.records.paper.Face;
import city.madang.records.paper.Paper;
import city.madang.records.paper.RecordTemplate;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Records as the service seals them, under a test's own CA. */
public final class SealedSamples {

    /** Of every entry made here. */
    public static final byte[] SALT = new byte[32];

    /** With letters that a font may lack. */
    static final String PLATE = "12가3456 뷁 ÄÖ é";

    private static final Paper PAPER = new Paper();
    private static final UUID RECORD = UUID.randomUUID();

    private final TestSeal city;
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    public SealedSamples(TestSeal city) {
        this.city = city;
    }

    public byte[] pdf() {
        return pdf(PAPER.standard(), Optional.empty());
    }

    byte[] pdf(RecordTemplate template, Optional<TSPSource> timestamps) {
        Face face = new Face(
                "거주자 우선 주차 허가증",
                "Resident parking permit",
                city.seal.nameKo(),
                city.seal.nameEn(),
                UUID.randomUUID().toString(),
                LocalDate.now(),
                LocalDate.now().plusDays(365),
                "https://localhost:8443/records/verify/x",
                List.of(new RecordTemplate.Line("plate", "차량 번호", "Plate", PLATE)));
        return sign(PAPER.print(template, face), timestamps);
    }

    /** Signs a PDF whatever it is, as another signature on one that is signed. */
    public byte[] signAgain(byte[] pdf) {
        return sign(pdf, Optional.empty());
    }

    private byte[] sign(byte[] pdf, Optional<TSPSource> timestamps) {
        return new PdfSeal(city.signer(), timestamps).sign(pdf, city.seal, now);
    }

    public byte[] json() {
        return json(Optional.empty());
    }

    byte[] json(Optional<TSPSource> timestamps) {
        SealingJob job = new SealingJob(
                RECORD,
                UUID.randomUUID(),
                1,
                city.seal.agency(),
                "somebody",
                "parking",
                "parking-permit",
                "거주자 우선 주차 허가증",
                "Resident parking permit",
                365,
                null,
                List.of(new SealingJob.Line("plate", "차량 번호", "Plate", PLATE)),
                null);
        return sign(
                RecordJson.of(
                        job,
                        city.seal,
                        1,
                        now,
                        now.plus(3650, ChronoUnit.DAYS),
                        "https://localhost:8443/records/verify/x"),
                timestamps);
    }

    private byte[] sign(String json, Optional<TSPSource> timestamps) {
        return new JsonSeal(city.signer(), timestamps).sign(json, city.seal, now);
    }

    public byte[] entry(byte[] pdf, byte[] json) {
        return LogEntry.of("record.sealed", RECORD, 1, SALT, SALT, pdf, json, now)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A trust list in all but its signer: an agency's seal. */
    public String forgedTrustList() {
        JsonObject jws = new JsonObject(new String(
                sign(
                        """
                        {"LoTE": {"ListAndSchemeInformation": {"LoTESequenceNumber": 1, "ListIssueDateTime": "2026-11-26T00:00:00Z",
                         "NextUpdate": "2036-11-26T00:00:00Z"}, "TrustedEntitiesList": []}}""",
                        Optional.empty()),
                StandardCharsets.UTF_8));
        return jws.getString("protected") + "." + jws.getString("payload") + "." + jws.getString("signature");
    }
}
