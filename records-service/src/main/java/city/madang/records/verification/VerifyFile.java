package city.madang.records.verification;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.OnJvm;
import city.madang.records.log.LogReader;
import city.madang.records.sealing.SealedRecord;
import city.madang.records.sealing.SealedRecords;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.proof.ProofFile;
import city.madang.tlog.tree.Hashes;
import city.madang.verifier.FileKind;
import city.madang.verifier.Finding;
import city.madang.verifier.Text;
import city.madang.verifier.Verification;
import city.madang.verifier.Verification.Conclusion;
import city.madang.verifier.Verifier;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Says of a file what is proven: by itself, by the agency's log, and by what has become of the record since. */
@OnJvm
@ApplicationScoped
public class VerifyFile {

    /** Verifications at once: each takes a core for tens of milliseconds and anyone may ask for one. */
    private static final int AT_ONCE = 4;

    private final TrustSource trust;
    private final SealedRecords records;
    private final LogReader log;
    private final DescribeRecord describe;
    private final MeterRegistry meters;
    private final Semaphore slots = new Semaphore(AT_ONCE);

    VerifyFile(TrustSource trust, SealedRecords records, LogReader log, DescribeRecord describe, MeterRegistry meters) {
        this.trust = trust;
        this.records = records;
        this.log = log;
        this.describe = describe;
        this.meters = meters;
    }

    /** @param proof that came along; without one the service looks the document up in its logs */
    Uni<Report> verify(byte[] file, Optional<byte[]> proof) {
        if (!slots.tryAcquire()) {
            throw CommonProblem.UNAVAILABLE.with("too many files are being checked at the moment");
        }
        String sha256 = HexFormat.of().formatHex(Hashes.of(file));
        return records.byDocument(sha256)
                .chain(known -> (proof.isPresent() || known.isEmpty()
                                ? Uni.createFrom().item(proof)
                                : proof(known.get()))
                        .chain(shown -> trust.all()
                                .chain(whom -> OffLoop.call(() -> Verifier.verify(file, shown, whom, Instant.now())))
                                .chain(verification -> report(sha256, known, verification))))
                .invoke(report -> meters.counter("madang.records.verifications", "conclusion", report.conclusion())
                        .increment())
                .onTermination()
                .invoke(() -> slots.release());
    }

    /** As its holder has it: with what opens the entry. */
    private Uni<Optional<byte[]>> proof(SealedRecord record) {
        return log.proof(record.agency(), record.logIndex())
                .map(found -> found.map(text -> {
                    try {
                        return record.openedBy(ProofFile.parse(text)).format().getBytes(UTF_8);
                    } catch (Malformed impossible) {
                        throw new IllegalStateException(impossible);
                    }
                }));
    }

    private Uni<Report> report(String sha256, Optional<SealedRecord> known, Verification verification) {
        Uni<Optional<SealedRecord>> about =
                known.isPresent() || verification.logged().isEmpty()
                        ? Uni.createFrom().item(known)
                        : records.byEntry(
                                verification.logged().get().log(),
                                verification.logged().get().index());
        return about.chain(record -> record.isEmpty()
                ? Uni.createFrom().item(unknown(sha256, verification))
                : describe.describe(record.get()).map(state -> of(sha256, record.get(), state, verification)));
    }

    /** A document that no log of the city holds is not one of its records, whoever's key has signed it. */
    private static Report unknown(String sha256, Verification verification) {
        List<Finding> findings = new ArrayList<>(verification.findings());
        Conclusion conclusion = verification.conclusion();
        if (conclusion == Conclusion.GENUINE && verification.logged().isEmpty()) {
            conclusion = Conclusion.NOT_PROVEN;
            replace(
                    findings,
                    new Finding(
                            "logged",
                            Finding.Status.NOT_SHOWN,
                            new Text(
                                    "봉인은 진짜이지만 이 도시의 어느 로그에도 이 문서가 없습니다. 기관에 문의하십시오.",
                                    "The seal is genuine, but no log of this city holds this document: ask the agency.")));
        }
        return report(false, conclusion, sha256, Optional.empty(), Optional.empty(), verification, findings);
    }

    private static Report of(String sha256, SealedRecord record, RecordState state, Verification verification) {
        List<Finding> findings = new ArrayList<>(verification.findings());
        Conclusion conclusion = verification.conclusion();
        boolean inForce = state.state().equals("sealed");
        findings.add(standing(state));
        RecordState.Anchor anchor = state.anchor();
        if (anchor != null
                && verification.finding("anchored").map(Finding::status).orElse(Finding.Status.NOT_SHOWN)
                        == Finding.Status.NOT_SHOWN) {
            replace(
                    findings,
                    new Finding(
                            "anchored",
                            Finding.Status.PROVEN,
                            new Text(
                                    "이 항목을 포함하는 체크포인트가 블록체인 " + anchor.chainId() + "의 계약 " + anchor.contract() + ", 블록 "
                                            + anchor.blockNumber() + "에 " + Verifier.time(anchor.anchored())
                                            + " 고정되었습니다.",
                                    "A checkpoint that covers it is anchored in block " + anchor.blockNumber()
                                            + " of chain " + anchor.chainId() + ", contract " + anchor.contract() + " ("
                                            + Verifier.time(anchor.anchored())
                                            + ").")));
        }
        if (conclusion.good() && !inForce) {
            conclusion = Conclusion.NO_LONGER_IN_FORCE;
        }
        boolean valid =
                conclusion == Conclusion.GENUINE && verification.logged().isPresent();
        return report(
                valid, conclusion, sha256, Optional.of(record), Optional.of(state.state()), verification, findings);
    }

    private static Finding standing(RecordState state) {
        return switch (state.state()) {
            case "sealed" ->
                new Finding(
                        "standing",
                        Finding.Status.PROVEN,
                        new Text(
                                "지금 효력이 있습니다(유효 기간 " + Verifier.time(state.validUntil()) + "까지).",
                                "It stands: valid until " + Verifier.time(state.validUntil())
                                        + ", neither superseded nor revoked."));
            case "expired" ->
                ended(
                        "유효 기간이 " + Verifier.time(state.validUntil()) + "에 끝났습니다.",
                        "Its validity ended at " + Verifier.time(state.validUntil()) + ".");
            case "superseded" -> ended("새 기록으로 대체되었습니다.", "A newer record has taken its place.");
            case "revoked" -> ended("기관이 철회하였습니다.", "The agency has revoked it.");
            case "shredded" -> ended("내용이 파기되었습니다.", "Its content was shredded.");
            default -> ended("더 이상 효력이 없습니다.", "It no longer stands.");
        };
    }

    private static Finding ended(String ko, String en) {
        return new Finding("standing", Finding.Status.REFUTED, new Text(ko, en));
    }

    private static void replace(List<Finding> findings, Finding with) {
        findings.removeIf(finding -> finding.check().equals(with.check()));
        findings.add(with);
    }

    private static Report report(
            boolean valid,
            Conclusion conclusion,
            String sha256,
            Optional<SealedRecord> record,
            Optional<String> state,
            Verification verification,
            List<Finding> findings) {
        return new Report(
                valid,
                Report.word(conclusion),
                conclusion.says(),
                kind(verification.kind()),
                record.map(SealedRecord::id).orElse(null),
                record.map(SealedRecord::agency).orElse(null),
                verification.signer().map(Verification.Signer::name).orElse(null),
                sha256,
                state.orElse(null),
                findings.stream().map(Report.Check::of).toList());
    }

    private static String kind(FileKind kind) {
        return switch (kind) {
            case PDF -> "pdf";
            case JSON -> "json";
            case LOG_PROOF -> "log_proof";
            case PAYMENT_RECEIPT -> "payment_receipt";
            case OTHER -> "other";
        };
    }
}
