package city.madang.records.sealing;

import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import city.madang.records.RecordsConfig;
import city.madang.records.agencies.Seal;
import city.madang.records.documents.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Makes one sealed record out of a job: renders, signs, encrypts, commits. Blocking; repeatable before its commit. */
@ApplicationScoped
public class SealRecord {

    private final PdfRenderer renderer;
    private final PdfSeal seal;
    private final Vault vault;
    private final HandoverStore handovers;
    private final String origin;
    private final SecureRandom random = new SecureRandom();

    SealRecord(PdfRenderer renderer, PdfSeal seal, Vault vault, HandoverStore handovers, RecordsConfig config) {
        this.renderer = renderer;
        this.seal = seal;
        this.vault = vault;
        this.handovers = handovers;
        this.origin = config.origin();
    }

    /** What must be stored in one transaction. */
    record Made(
            SealingJob job,
            Instant issued,
            Instant validUntil,
            String pdfSha256,
            Vault.Kept kept,
            byte[] recordSalt,
            byte[] documentSalt,
            String entry,
            HandoverStore.@Nullable Reference handover) {}

    Made make(SealingJob job, Seal with) {
        Instant issued = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Instant validUntil = issued.plus(job.validityDays(), ChronoUnit.DAYS);
        String verifyUrl = origin + "/records/verify/" + job.record();
        String html = RecordPage.html(
                job, with.nameKo(), with.nameEn(), issued, validUntil, verifyUrl, PdfRenderer.qr(verifyUrl));
        byte[] pdf = seal.sign(renderer.render(html), with, issued);
        byte[] recordSalt = salt();
        byte[] documentSalt = salt();
        String entry = LogEntry.of("record.sealed", job.record(), job.version(), recordSalt, documentSalt, pdf, issued);
        SealingJob.@Nullable Credential credential = job.credential();
        HandoverStore.@Nullable Reference handover = credential == null
                ? null
                : handovers.put(HandoverKey.encrypt(credential.claims(), credential.identityKey()));
        return new Made(
                job,
                issued,
                validUntil,
                HexFormat.of().formatHex(LogEntry.sha256(pdf)),
                vault.keep(job.agency(), job.record(), pdf),
                recordSalt,
                documentSalt,
                entry,
                handover);
    }

    private byte[] salt() {
        byte[] salt = new byte[LogEntry.SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }
}
