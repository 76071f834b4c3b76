package city.madang.records.sealing;

import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import city.madang.records.OnJvm;
import city.madang.records.RecordsConfig;
import city.madang.records.agencies.Seal;
import city.madang.records.documents.Vault;
import city.madang.records.log.SaltedHash;
import city.madang.records.paper.Face;
import city.madang.records.paper.Paper;
import city.madang.records.paper.PaperRefused;
import city.madang.records.paper.RecordTemplate;
import city.madang.tlog.tree.Hashes;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes one sealed record out of a job: prints, signs, encrypts, commits. Blocking; repeatable before its commit. */
@OnJvm
@ApplicationScoped
public class SealRecord {

    private static final Logger LOG = Logger.getLogger(SealRecord.class);

    /** The city's clock: dates on paper are local. */
    private static final ZoneId CITY = ZoneId.of("Asia/Seoul");

    private final Paper paper;
    private final PdfSeal pdfSeal;
    private final JsonSeal jsonSeal;
    private final Vault vault;
    private final HandoverStore handovers;
    private final String origin;

    SealRecord(
            Paper paper,
            PdfSeal pdfSeal,
            JsonSeal jsonSeal,
            Vault vault,
            HandoverStore handovers,
            RecordsConfig config) {
        this.paper = paper;
        this.pdfSeal = pdfSeal;
        this.jsonSeal = jsonSeal;
        this.vault = vault;
        this.handovers = handovers;
        this.origin = config.origin();
    }

    /** What must be stored in one transaction. */
    record Made(
            SealingJob job,
            Instant issued,
            Instant validUntil,
            Document pdf,
            Document json,
            byte[] recordSalt,
            byte[] documentSalt,
            String entry,
            HandoverStore.@Nullable Reference handover) {}

    /** @param sha256 hex */
    record Document(String sha256, Vault.Kept kept) {}

    /** @param crash called with each place at which something has been written, or is about to be */
    Made make(SealingJob job, Seal with, WritePoint.Crash crash) {
        Instant issued = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Instant validUntil = issued.plus(job.validityDays(), ChronoUnit.DAYS);
        String verifyUrl = origin + "/records/verify/" + job.record();
        byte[] pdf = pdfSeal.sign(print(job, with, issued, validUntil, verifyUrl), with, issued);
        byte[] json =
                jsonSeal.sign(RecordJson.of(job, with, job.version(), issued, validUntil, verifyUrl), with, issued);
        byte[] recordSalt = SaltedHash.salt();
        byte[] documentSalt = SaltedHash.salt();
        String entry =
                LogEntry.of("record.sealed", job.record(), job.version(), recordSalt, documentSalt, pdf, json, issued);
        crash.at(WritePoint.SIGNED);
        SealingJob.@Nullable Credential credential = job.credential();
        HandoverStore.@Nullable Reference handover = credential == null
                ? null
                : handovers.put(HandoverKey.encrypt(credential.claims(), credential.identityKey()));
        crash.at(WritePoint.HANDED_OVER);
        Document keptPdf = keep(job, pdf);
        crash.at(WritePoint.PDF_KEPT);
        Document keptJson = keep(job, json);
        crash.at(WritePoint.JSON_KEPT);
        return new Made(job, issued, validUntil, keptPdf, keptJson, recordSalt, documentSalt, entry, handover);
    }

    private Document keep(SealingJob job, byte[] document) {
        return new Document(
                HexFormat.of().formatHex(Hashes.of(document)), vault.keep(job.agency(), job.record(), document));
    }

    private byte[] print(SealingJob job, Seal with, Instant issued, Instant validUntil, String verifyUrl) {
        List<RecordTemplate.Line> lines = job.lines().stream()
                .map(line -> new RecordTemplate.Line(line.name(), line.ko(), line.en(), line.value()))
                .toList();
        Face face = new Face(
                job.titleKo(),
                job.titleEn(),
                with.nameKo(),
                with.nameEn(),
                job.record().toString(),
                LocalDate.ofInstant(issued, CITY),
                LocalDate.ofInstant(validUntil, CITY),
                verifyUrl,
                lines);
        try {
            return paper.print(template(job, lines), face);
        } catch (PaperRefused refused) {
            // it was rehearsed when it was published; a citizen must not wait for it to be mended
            LOG.errorf("the template of service %s %s; the standard one is used", job.service(), refused.getMessage());
            return paper.print(paper.standard(), face);
        }
    }

    private RecordTemplate template(SealingJob job, List<RecordTemplate.Line> lines) {
        @Nullable String own = job.template();
        if (own == null) {
            return paper.standard();
        }
        Set<String> facts = lines.stream().map(RecordTemplate.Line::name).collect(Collectors.toSet());
        return switch (RecordTemplate.read(own, facts)) {
            case RecordTemplate.Result.Read read -> read.template();
            case RecordTemplate.Result.Wrong wrong -> {
                LOG.errorf("the template of service %s %s; the standard one is used", job.service(), wrong.why());
                yield paper.standard();
            }
        };
    }
}
