package city.madang.verifier;

import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.policy.TrustPolicy;
import city.madang.tlog.proof.ProofFile;
import city.madang.verifier.Verification.Conclusion;
import city.madang.verifier.Verification.Logged;
import city.madang.verifier.Verification.Signer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks one file against what is trusted. An instance is good for one file. */
public final class Verifier {

    /** Bytes of a file. */
    public static final int LONGEST = 20 * 1024 * 1024;

    /** What tells both languages' readers a time: the city's clock. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.of("Asia/Seoul"));

    private final Trust trust;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();
    private Optional<Signer> signer = Optional.empty();
    private Optional<Logged> logged = Optional.empty();

    private Verifier(Trust trust, Instant now) {
        this.trust = trust;
        this.now = now;
    }

    /**
     * What is proven of the file.
     *
     * @param proof of its place in a log ({@code .tlog-proof}), if it is at hand
     */
    public static Verification verify(byte[] file, Optional<byte[]> proof, Trust trust, Instant now) {
        Verifier verifier = new Verifier(trust, now);
        FileKind kind = file.length > LONGEST ? FileKind.OTHER : FileKind.of(file);
        Conclusion conclusion =
                switch (kind) {
                    case PDF -> verifier.document(file, PdfBytes.read(file), proof, true);
                    case JSON -> verifier.document(file, JsonBytes.read(file), proof, false);
                    case LOG_PROOF -> verifier.proofAlone(file);
                    case PAYMENT_RECEIPT -> verifier.receipt();
                    case OTHER -> verifier.unknown();
                };
        return new Verification(kind, conclusion, verifier.signer, verifier.logged, verifier.findings);
    }

    /** Instants as both languages write them. */
    public static String time(Instant at) {
        return TIME.format(at) + " KST";
    }

    private Conclusion unknown() {
        findings.add(Finding.notShown(
                "signed",
                "PDF도, 서명된 JSON도, 로그 증명도 아닙니다.",
                "It is neither a PDF nor signed JSON nor a log proof, or it is larger than 20 MB."));
        return Conclusion.NOT_PROVEN;
    }

    /** {@link ReceiptFile} checks it, with keys that are no document's. */
    private Conclusion receipt() {
        findings.add(Finding.notShown(
                "signed",
                "납부 영수증입니다. ./madang verify로 납부 서비스의 열쇠와 대조하십시오.",
                "It is a payment receipt: ./madang verify checks it with the payment service's keys."));
        return Conclusion.NOT_PROVEN;
    }

    private Conclusion document(byte[] file, SealBytes bytes, Optional<byte[]> proof, boolean pdf) {
        return switch (bytes) {
            case SealBytes.None none -> {
                findings.add(Finding.notShown("signed", "전자 봉인이 없습니다.", "It bears no seal."));
                yield Conclusion.NOT_PROVEN;
            }
            case SealBytes.Malformed malformed -> {
                findings.add(new Finding("signed", Finding.Status.REFUTED, malformed.why()));
                yield Conclusion.REFUTED;
            }
            case SealBytes.Signed signed -> sealed(file, signed, proof, pdf);
        };
    }

    private Conclusion sealed(byte[] file, SealBytes.Signed seal, Optional<byte[]> proof, boolean pdf) {
        findings.add(Finding.proven("signed", "전자 봉인이 하나 있습니다.", "It bears a seal."));
        boolean intact = seal.holds() && seal.whole();
        // nothing opens the file unless a key of the city has signed all of it as it is
        boolean ofCity = intact && Chain.isSeal(seal.signer()) && leadsEver(seal);
        DssSeal.@Nullable Opinion opinion = ofCity ? DssSeal.on(file, trust, pdf) : null;
        if (opinion != null && !opinion.agrees()) {
            intact = false;
        }
        findings.add(
                intact
                        ? Finding.proven(
                                "intact",
                                "봉인 이후 한 글자도 바뀌거나 더해지지 않았습니다.",
                                "Nothing was changed or added since it was sealed" + level(opinion) + ".")
                        : Finding.refuted(
                                "intact",
                                seal.holds() ? "봉인 이후 내용이 더해졌습니다." : "봉인 이후 내용이 바뀌었습니다.",
                                seal.holds()
                                        ? "Something was added after it was sealed."
                                        : "It was changed after it was sealed."));
        logged(file, proof);
        Proven at = proven(opinion);
        boolean trusted = trusted(seal, at);
        timestamped(opinion, seal, trusted && intact);
        if (trusted) {
            listed(seal.signer());
        }
        if (!intact) {
            return trusted ? Conclusion.CHANGED : Conclusion.REFUTED;
        }
        if (!trusted) {
            return Conclusion.NOT_PROVEN;
        }
        boolean inForce = pdf || inForce(JsonBytes.payload(file));
        if (findings.stream()
                .anyMatch(finding -> finding.status() == Finding.Status.REFUTED
                        && !finding.check().equals("in_force"))) {
            return Conclusion.REFUTED;
        }
        return inForce ? Conclusion.GENUINE : Conclusion.NO_LONGER_IN_FORCE;
    }

    private static String level(DssSeal.@Nullable Opinion opinion) {
        return opinion == null || opinion.level().isEmpty() ? "" : " (" + opinion.level() + ")";
    }

    /** Whether the certificate led to a root at some time of its own. */
    private boolean leadsEver(SealBytes.Signed seal) {
        return Chain.leads(
                seal.signer(),
                seal.sent(),
                trust.roots(),
                seal.signer().getNotBefore().toInstant().plusSeconds(1));
    }

    /** By when the seal is proven to have been there. */
    private record Proven(Instant at, Text by) {}

    private Proven proven(DssSeal.@Nullable Opinion opinion) {
        if (opinion != null && opinion.timestamped().isPresent()) {
            return new Proven(opinion.timestamped().get(), new Text("시점 확인 기관", "a timestamp authority"));
        }
        return logged.map(entry -> new Proven(entry.time(), new Text("공개 로그", "the log")))
                .orElseGet(() -> new Proven(now, new Text("지금", "now")));
    }

    private boolean trusted(SealBytes.Signed seal, Proven at) {
        X509Certificate certificate = seal.signer();
        if (!Chain.isSeal(certificate) || !Chain.leads(certificate, seal.sent(), trust.roots(), at.at())) {
            findings.add(
                    leadsEver(seal) && Chain.isSeal(certificate)
                            ? Finding.notShown(
                                    "trusted",
                                    "봉인 인증서의 유효 기간("
                                            + time(certificate.getNotAfter().toInstant()) + "까지) 안에 봉인되었다는 증거가 없습니다.",
                                    "Nothing shows that it was sealed while the certificate of the seal was valid (until "
                                            + time(certificate.getNotAfter().toInstant()) + ").")
                            : Finding.refuted(
                                    "trusted",
                                    "봉인 인증서가 이 도시의 인증 기관이 기관의 봉인용으로 발급한 것이 아닙니다.",
                                    "The certificate of the seal is not one that this city's CA issued to an agency for sealing."));
            return false;
        }
        String organisation = Chain.organisation(certificate);
        String name = Chain.name(certificate);
        signer = Optional.of(new Signer(
                organisation,
                name,
                certificate.getSerialNumber().toString(16),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant()));
        findings.add(Finding.proven(
                "trusted",
                "봉인한 기관: " + name + " (" + organisation + "). 인증서가 이 도시의 인증 기관으로 이어집니다.",
                "Sealed by: " + name + " (" + organisation + "). The certificate leads to this city's CA."));
        return true;
    }

    private void timestamped(DssSeal.@Nullable Opinion opinion, SealBytes.Signed seal, boolean good) {
        if (opinion != null && opinion.timestamped().isPresent()) {
            String at = time(opinion.timestamped().get());
            findings.add(Finding.proven(
                    "timestamped",
                    "시점 확인 기관이 " + at + "에 이 봉인을 확인했습니다.",
                    "A timestamp authority saw this seal at " + at + "."));
        } else if (good) {
            String at = Optional.ofNullable(opinion)
                    .flatMap(DssSeal.Opinion::claimed)
                    .or(seal::claimed)
                    .map(Verifier::time)
                    .orElse("?");
            findings.add(Finding.notShown(
                    "timestamped",
                    "봉인한 시각 " + at + "은 기관이 적은 것이며, 신뢰하는 시점 확인 기관의 확인이 없습니다.",
                    "The time of sealing, " + at
                            + ", is the agency's own word; no timestamp authority that you trust confirms it."));
        }
    }

    private void listed(X509Certificate certificate) {
        Optional<TrustList> list = trust.list();
        if (list.isEmpty()) {
            findings.add(Finding.notShown(
                    "listed",
                    "도시의 기관 신뢰 목록이 없어 기관의 현재 지위는 확인하지 못했습니다.",
                    "Whether the agency still stands is not shown: the city's trust list is not at hand."));
            return;
        }
        TrustList known = list.get();
        String number = Long.toString(known.sequence());
        if (known.seal(certificate).isPresent()) {
            boolean fresh = now.isBefore(known.nextUpdate());
            findings.add(Finding.proven(
                    "listed",
                    "이 인증서는 도시의 기관 신뢰 목록 " + number + "호(" + time(known.issued()) + ")에 있습니다."
                            + (fresh ? "" : " 목록의 유효 기간은 지났습니다."),
                    "The certificate is on the city's trust list no. " + number + " of " + time(known.issued()) + "."
                            + (fresh ? "" : " The list itself is out of date.")));
        } else {
            findings.add(Finding.refuted(
                    "listed",
                    "이 인증서는 도시의 기관 신뢰 목록 " + number + "호에 없습니다. 철회되었을 수 있습니다.",
                    "The certificate is not on the city's trust list no. " + number + " of " + time(known.issued())
                            + ": it was withdrawn or replaced, or the list is older than it."));
        }
    }

    private boolean inForce(byte[] payload) {
        @Nullable JsonNode record = StrictJson.object(payload);
        if (record == null || !record.path("valid_until").isTextual()) {
            return true;
        }
        try {
            Instant until = Instant.parse(record.path("valid_until").asText());
            boolean inForce = now.isBefore(until);
            findings.add(
                    inForce
                            ? Finding.proven(
                                    "in_force",
                                    "유효 기간은 " + time(until) + "까지입니다.",
                                    "It is valid until " + time(until) + ".")
                            : Finding.refuted(
                                    "in_force",
                                    "유효 기간이 " + time(until) + "에 끝났습니다.",
                                    "Its validity ended at " + time(until) + "."));
            return inForce;
        } catch (DateTimeException unknown) {
            return true;
        }
    }

    private void logged(byte[] file, Optional<byte[]> proof) {
        if (proof.isEmpty()) {
            findings.add(Finding.notShown(
                    "logged",
                    "로그 증명(.tlog-proof)이 없어, 공개 로그에 기록되었는지는 이 파일만으로 확인할 수 없습니다.",
                    "Whether it is in the agency's log is not shown by this file alone: its .tlog-proof is needed."));
            return;
        }
        Optional<ProofFile> read = read(proof.get());
        Optional<Opening> opening = read.flatMap(ProofFile::extra).flatMap(Opening::of);
        if (read.isEmpty() || opening.isEmpty()) {
            findings.add(
                    Finding.refuted("logged", "로그 증명을 읽을 수 없습니다.", "The log proof cannot be read, or opens no entry."));
            return;
        }
        if (!opening.get().commitsTo(file)) {
            findings.add(
                    Finding.refuted("logged", "로그 증명은 다른 문서에 관한 것입니다.", "The log proof is about another document."));
            return;
        }
        included(read.get(), opening.get());
    }

    private Conclusion proofAlone(byte[] file) {
        Optional<ProofFile> read = read(file);
        if (read.isEmpty()) {
            findings.add(Finding.refuted("logged", "로그 증명을 읽을 수 없습니다.", "The log proof cannot be read."));
            return Conclusion.REFUTED;
        }
        Optional<Opening> opening = read.get().extra().flatMap(Opening::of);
        if (opening.isEmpty()) {
            findings.add(Finding.notShown(
                    "logged",
                    "이 증명에는 로그 항목이 들어 있지 않아, 무엇을 증명하는지 알 수 없습니다.",
                    "The proof does not hold the entry, so it does not show of what it is a proof."));
            return Conclusion.NOT_PROVEN;
        }
        included(read.get(), opening.get());
        findings.add(Finding.notShown(
                "document",
                "증명만으로는 어떤 문서인지 보이지 않습니다. 문서와 함께 확인하십시오.",
                "The proof alone does not show the document: check both together."));
        if (findings.stream().anyMatch(finding -> finding.status() == Finding.Status.REFUTED)) {
            return Conclusion.REFUTED;
        }
        return logged.isPresent() ? Conclusion.LOGGED : Conclusion.NOT_PROVEN;
    }

    private static Optional<ProofFile> read(byte[] file) {
        try {
            return Optional.of(ProofFile.parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file))
                    .toString()));
        } catch (Malformed | CharacterCodingException | RuntimeException wrong) {
            return Optional.empty();
        }
    }

    private void included(ProofFile proof, Opening opening) {
        Optional<TrustPolicy> policy = trust.policy();
        if (policy.isEmpty()) {
            findings.add(Finding.notShown(
                    "logged",
                    "신뢰하는 로그의 목록이 없어 로그 증명을 확인하지 못했습니다.",
                    "The log proof was not checked: no log is trusted here (no log policy at hand)."));
            return;
        }
        switch (proof.check(opening.entry(), policy.get())) {
            case ProofFile.Outcome.Refused refused ->
                findings.add(Finding.refuted(
                        "logged",
                        "로그 증명이 맞지 않습니다: " + refused.why() + ".",
                        "The log proof does not hold: " + refused.why() + "."));
            case ProofFile.Outcome.Included included -> {
                Checkpoint head = included.head().checkpoint();
                Instant time = opening.time().orElse(now);
                logged = Optional.of(new Logged(head.origin(), proof.index(), head.size(), opening.type(), time));
                findings.add(Finding.proven(
                        "logged",
                        "기관의 공개 로그 " + head.origin() + "의 " + proof.index() + "번 항목(전체 " + head.size() + ")으로 "
                                + time(time) + "에 기록되었습니다.",
                        "It is entry " + proof.index() + " of " + head.size() + " in the log " + head.origin()
                                + ", logged at " + time(time) + "."));
                cosigned(included.head().cosigned());
                anchored(head);
            }
        }
    }

    private void cosigned(Map<String, Long> cosigned) {
        if (cosigned.isEmpty()) {
            findings.add(Finding.notShown(
                    "cosigned",
                    "로그의 체크포인트에 신뢰하는 증인의 서명이 없습니다.",
                    "No witness that you trust has cosigned the log's checkpoint."));
            return;
        }
        List<String> who = cosigned.entrySet().stream()
                .map(witness -> witness.getKey() + " (" + time(Instant.ofEpochSecond(witness.getValue())) + ")")
                .toList();
        findings.add(Finding.proven(
                "cosigned",
                "증인 " + String.join(", ", who) + "이(가) 로그가 바뀌지 않았음을 확인했습니다.",
                "Witnesses have seen the log only grow up to this checkpoint: " + String.join(", ", who) + "."));
    }

    private void anchored(Checkpoint head) {
        String root = HexFormat.of().formatHex(head.root());
        List<Anchor> ofLog = trust.anchors().stream()
                .filter(anchor -> anchor.log().equals(head.origin()))
                .toList();
        Optional<Anchor> same =
                ofLog.stream().filter(anchor -> anchor.size() == head.size()).findFirst();
        if (same.isPresent() && !same.get().root().equalsIgnoreCase(root)) {
            findings.add(Finding.refuted(
                    "anchored",
                    "블록체인에는 같은 크기의 다른 로그가 고정되어 있습니다. 로그가 갈라졌습니다.",
                    "The chain holds another root for this size: the log was forked."));
        } else if (same.isPresent()) {
            Anchor anchor = same.get();
            findings.add(Finding.proven(
                    "anchored",
                    "블록체인 " + anchor.chainId() + "의 블록 " + anchor.block() + "에 " + time(anchor.anchored())
                            + " 고정되었습니다.",
                    "It is anchored in block " + anchor.block() + " of chain " + anchor.chainId() + " ("
                            + time(anchor.anchored()) + ", transaction " + anchor.transaction() + ")."));
        } else {
            findings.add(Finding.notShown(
                    "anchored",
                    "이 체크포인트가 블록체인에 고정되었는지는 확인하지 못했습니다.",
                    "Whether this very checkpoint is anchored on the chain is not shown by what is at hand."));
        }
    }
}
