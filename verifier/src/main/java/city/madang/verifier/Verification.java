package city.madang.verifier;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of a file.
 *
 * @param signer whose seal it bears, if that leads to the city's CA
 * @param logged its place in a log, if a proof of it was at hand and holds
 */
public record Verification(
        FileKind kind,
        Conclusion conclusion,
        Optional<Signer> signer,
        Optional<Logged> logged,
        List<Finding> findings) {

    public Verification {
        findings = List.copyOf(findings);
    }

    /**
     * In a word.
     *
     * <p>What the words say to a person stands with them.
     */
    public enum Conclusion {
        /** Sealed by an agency of the city, unchanged since, and nothing at hand speaks against it. */
        GENUINE("기관이 봉인한 진본입니다", "Genuine: sealed by an agency of the city and unchanged since"),
        /** A log proof that holds. */
        LOGGED("로그 증명이 유효합니다", "The log proof holds"),
        /** A payment receipt that holds. */
        PAID("납부 영수증이 유효합니다", "The payment receipt holds"),
        /** A genuine document that is no longer in force. */
        NO_LONGER_IN_FORCE("진본이지만 더 이상 효력이 없습니다", "Genuine, but no longer in force"),
        /** Bears a seal and was changed after it. */
        CHANGED("봉인된 뒤에 변경된 문서입니다", "Changed after it was sealed"),
        /** Something that is claimed does not hold. */
        REFUTED("주장과 다릅니다. 믿지 마십시오", "A claim does not hold: do not rely on it"),
        /** No seal that leads to the city's CA, no proof that holds. */
        NOT_PROVEN("이 도시의 기관이 봉인했다는 증거가 없습니다", "Nothing shows that an agency of the city sealed this");

        private final Text says;

        Conclusion(String ko, String en) {
            this.says = new Text(ko, en);
        }

        public Text says() {
            return says;
        }

        public boolean good() {
            return this == GENUINE || this == LOGGED || this == PAID;
        }
    }

    /**
     * Whose seal.
     *
     * @param organisation subject's O
     * @param name subject's CN
     * @param serial of the certificate, hex
     */
    public record Signer(String organisation, String name, String serial, Instant notBefore, Instant notAfter) {}

    /**
     * A place in a log.
     *
     * @param log its origin
     * @param size of the tree under whose checkpoint the entry stands
     * @param type of the entry
     */
    public record Logged(String log, long index, long size, String type, Instant time) {}

    public Optional<Finding> finding(String check) {
        return findings.stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst();
    }
}
