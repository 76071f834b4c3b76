package city.madang.records.verification;

import city.madang.tlog.policy.TrustPolicy;
import city.madang.verifier.Anchor;
import city.madang.verifier.Trust;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trust files of {@code ./madang verify}, each under a name.
 *
 * @param ca {@code ca.pem}
 * @param timestamp {@code timestamp.pem}, absent without a timestamp authority
 * @param logPolicy {@code log-policy}
 * @param anchors of {@code anchors.json}, of each log the latest
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrustBundle(
        String ca, @Nullable String timestamp, @JsonProperty("log_policy") String logPolicy, List<AnchorLine> anchors) {

    /** A checkpoint in the anchor contract. */
    public record AnchorLine(
            String log,
            long size,
            String root,
            @JsonProperty("chain_id") long chainId,
            String contract,
            @JsonProperty("transaction_hash") String transactionHash,
            @JsonProperty("block_number") long blockNumber,
            Instant anchored) {

        static AnchorLine of(Anchor anchor) {
            return new AnchorLine(
                    anchor.log(),
                    anchor.size(),
                    anchor.root(),
                    anchor.chainId(),
                    anchor.contract(),
                    anchor.transaction(),
                    anchor.block(),
                    anchor.anchored());
        }
    }

    static TrustBundle of(Trust trust) {
        return new TrustBundle(
                pem(trust.roots()),
                trust.timestampRoots().isEmpty() ? null : pem(trust.timestampRoots()),
                trust.policy().map(TrustBundle::policy).orElse(""),
                trust.anchors().stream().map(AnchorLine::of).toList());
    }

    private static String policy(TrustPolicy policy) {
        StringBuilder text = new StringBuilder();
        policy.logs()
                .forEach(log -> text.append("log ").append(log.key().format()).append('\n'));
        policy.witnesses().forEach((name, witness) -> text.append("witness ")
                .append(name)
                .append(' ')
                .append(witness.key().format())
                .append('\n'));
        // whose cosignatures suffice is for the reader to say: he edits this line
        return text.append("quorum none\n").toString();
    }

    private static String pem(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                text.append("-----BEGIN CERTIFICATE-----\n")
                        .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            } catch (CertificateEncodingException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return text.toString();
    }
}
