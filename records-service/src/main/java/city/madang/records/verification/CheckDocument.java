package city.madang.records.verification;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.RecordsProblem;
import city.madang.records.anchoring.AnchorStore;
import city.madang.records.log.LogReader;
import city.madang.records.sealing.LogEntry;
import city.madang.records.sealing.SealedRecord;
import city.madang.records.sealing.SealedRecords;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Says of a PDF what is proven: the seal by its signature, the record by its agency's log. */
@ApplicationScoped
public class CheckDocument {

    /** Validations at once: each takes a core for tens of milliseconds and anyone may ask for one. */
    private static final int AT_ONCE = 4;

    private static final byte[] PDF = "%PDF-".getBytes(UTF_8);

    private final SealCheck seal;
    private final SealedRecords records;
    private final LogReader log;
    private final AnchorStore anchors;
    private final Semaphore slots = new Semaphore(AT_ONCE);

    CheckDocument(SealCheck seal, SealedRecords records, LogReader log, AnchorStore anchors) {
        this.seal = seal;
        this.records = records;
        this.log = log;
        this.anchors = anchors;
    }

    private record Logged(Optional<SealedRecord> record, boolean holds, boolean anchored) {}

    Uni<Report> check(byte[] pdf) {
        if (pdf.length < PDF.length || !java.util.Arrays.equals(java.util.Arrays.copyOf(pdf, PDF.length), PDF)) {
            throw RecordsProblem.NOT_A_PDF.with("the body does not begin like a PDF");
        }
        if (!slots.tryAcquire()) {
            throw CommonProblem.UNAVAILABLE.with("too many documents are being checked at the moment");
        }
        String sha256 = HexFormat.of().formatHex(LogEntry.sha256(pdf));
        return OffLoop.call(() -> seal.check(pdf))
                .onTermination()
                .invoke(() -> slots.release())
                .chain(result -> logged(sha256, pdf).map(logged -> report(sha256, result, logged)));
    }

    private Uni<Logged> logged(String sha256, byte[] pdf) {
        return records.byDocument(sha256)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(new Logged(found, false, false))
                        : logged(found.get(), pdf));
    }

    private Uni<Logged> logged(SealedRecord record, byte[] pdf) {
        String committed = LogEntry.commit(record.documentSalt(), LogEntry.sha256(pdf));
        boolean opens = record.entry().contains("\"document_sha256\":\"" + committed + "\"");
        return log.holds(record.agency(), record.logIndex(), record.entry().getBytes(UTF_8))
                .chain(holds -> anchors.covering(record.agency(), record.logIndex())
                        .map(anchor -> new Logged(Optional.of(record), opens && holds, anchor.isPresent())));
    }

    private static Report report(String sha256, SealCheck.Result seal, Logged logged) {
        List<Report.Check> checks = new ArrayList<>();
        checks.add(check(
                "signed",
                seal.found(),
                "PDF에 전자 봉인이 있습니다.",
                "The PDF carries a seal.",
                "PDF에 전자 봉인이 없습니다.",
                "The PDF carries no seal."));
        checks.add(check(
                "intact",
                seal.intact() && seal.whole(),
                "봉인 이후 한 글자도 바뀌지 않았습니다.",
                "Nothing was changed or added since it was sealed.",
                "봉인 이후 내용이 바뀌었거나 추가되었습니다.",
                "Something was changed or added since it was sealed."));
        checks.add(check(
                "trusted",
                seal.trusted(),
                "봉인 인증서가 이 도시의 최상위 인증 기관으로 이어집니다.",
                "The certificate of the seal leads to this city's root.",
                "봉인 인증서가 이 도시의 최상위 인증 기관으로 이어지지 않습니다.",
                "The certificate of the seal does not lead to this city's root."));
        checks.add(check(
                "logged",
                logged.holds(),
                "이 문서는 기관의 공개 로그에 기록되어 있습니다.",
                "This very document is in the agency's log.",
                "이 문서는 어느 기관의 로그에도 없습니다.",
                "This document is in no agency's log."));
        checks.add(check(
                "anchored",
                logged.anchored(),
                "로그의 체크포인트가 블록체인에 고정되어 있습니다.",
                "A checkpoint over it is anchored on the chain.",
                "로그의 체크포인트가 아직 블록체인에 고정되지 않았습니다.",
                "No checkpoint over it is anchored on the chain yet."));
        boolean valid = checks.stream()
                .filter(check -> !check.check().equals("anchored"))
                .allMatch(Report.Check::passed);
        return new Report(
                valid,
                logged.record().map(SealedRecord::id).orElse(null),
                logged.record().map(SealedRecord::agency).orElse(null),
                seal.signer(),
                sha256,
                List.copyOf(checks));
    }

    private static Report.Check check(
            String name, boolean passed, String yesKo, String yesEn, String noKo, String noEn) {
        return new Report.Check(name, passed, Map.of("ko", passed ? yesKo : noKo, "en", passed ? yesEn : noEn));
    }
}
