package city.madang.journey.evidence;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What a holder shows an outsider, and what the outsider trusts beforehand.
 *
 * @param pdf the sealed record
 * @param opening of the log's commitment to it
 * @param proof the {@code .tlog-proof} file
 * @param credential the permit, SD-JWT VC with its disclosures
 * @param record id of the record
 * @param trust what the outsider trusts
 */
public record Evidence(byte[] pdf, Opening opening, String proof, String credential, String record, Trust trust) {

    /**
     * @param seal the certificate under which the agency seals records
     * @param issuer the certificate under which it issues credentials
     * @param log its log's key
     * @param chain JSON-RPC of a node that the outsider runs or believes
     * @param anchorContract address
     * @param vct type of the permit credential
     */
    public record Trust(
            X509Certificate seal, X509Certificate issuer, LogKey log, URI chain, String anchorContract, String vct) {}

    /** Everything an outsider can check, each on its own. */
    public List<Finding> check() {
        return List.of(
                SealedPdf.check(pdf, trust.seal()),
                opening.matches(pdf).holds()
                        ? LogInclusion.included(opening.entry(), proof)
                        : opening.matches(pdf),
                LogInclusion.signed(proof, trust.log()),
                ChainAnchor.check(proof, trust.chain(), trust.anchorContract()),
                PermitCredential.check(credential, trust.issuer(), trust.vct(), record));
    }

    /** The same checks, each on its own evidence with one byte changed. */
    public List<Finding> checkTampered() {
        List<Finding> findings = new ArrayList<>();
        findings.add(SealedPdf.check(flip(pdf, pdf.length / 3), trust.seal()));
        findings.add(LogInclusion.included(flip(opening.entry(), opening.entry().length / 2), proof));
        findings.add(LogInclusion.signed(flipAfter(proof, "\n— " + trust.log().name() + " ", 20), trust.log()));
        findings.add(ChainAnchor.check(flipRoot(proof), trust.chain(), trust.anchorContract()));
        int payload = credential.indexOf('.') + 20;
        findings.add(PermitCredential.check(
                new String(flip(credential.getBytes(StandardCharsets.US_ASCII), payload), StandardCharsets.US_ASCII),
                trust.issuer(),
                trust.vct(),
                record));
        return findings;
    }

    private static byte[] flip(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) (changed[at] == 'A' ? 'B' : 'A');
        return changed;
    }

    private static String flipAfter(String text, String mark, int offset) {
        int at = text.indexOf(mark) + mark.length() + offset;
        return text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1);
    }

    /** Changes a digit of the root, the third line of the checkpoint. */
    private static String flipRoot(String proof) {
        int checkpoint = proof.indexOf("\n\n") + 2;
        int size = proof.indexOf('\n', checkpoint) + 1;
        int root = proof.indexOf('\n', size) + 1;
        return proof.substring(0, root + 5)
                + (proof.charAt(root + 5) == 'A' ? 'B' : 'A')
                + proof.substring(root + 6);
    }
}
