package city.madang.journey.evidence;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
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

    /** The same evidence for an outsider who asks another node of the chain. */
    public Evidence at(URI node) {
        return new Evidence(
                pdf,
                opening,
                proof,
                credential,
                record,
                new Trust(trust.seal(), trust.issuer(), trust.log(), node, trust.anchorContract(), trust.vct()));
    }

    /** Everything an outsider can check, each on its own. */
    public List<Finding> check() {
        return List.of(
                SealedPdf.check(pdf, trust.seal()),
                logged(pdf, opening.entry()),
                LogInclusion.signed(proof, trust.log()),
                ChainAnchor.check(proof, trust.chain(), trust.anchorContract()),
                PermitCredential.check(credential, trust.issuer(), trust.vct(), record));
    }

    /** The same checks, each on its own evidence with one byte changed. */
    public List<Finding> checkTampered() {
        byte[] changedPdf = flip(pdf, pdf.length / 3);
        byte[] changedEntry = flip(opening.entry(), opening.entry().length / 2);
        byte[] changedCredential = flip(credential.getBytes(StandardCharsets.US_ASCII), credential.indexOf('.') + 20);
        return List.of(
                SealedPdf.check(changedPdf, trust.seal()),
                logged(changedPdf, opening.entry()),
                LogInclusion.included(changedEntry, proof),
                LogInclusion.signed(flipSignature(), trust.log()),
                LogInclusion.signed(flipRoot(), trust.log()),
                ChainAnchor.check(flipRoot(), trust.chain(), trust.anchorContract()),
                PermitCredential.check(
                        new String(changedCredential, StandardCharsets.US_ASCII), trust.issuer(), trust.vct(), record));
    }

    private Finding logged(byte[] document, byte[] entry) {
        Finding committed = opening.matches(document);
        return committed.holds() ? LogInclusion.included(entry, proof) : committed;
    }

    private static byte[] flip(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) (changed[at] == 'A' ? 'B' : 'A');
        return changed;
    }

    private String flipSignature() {
        String mark = "\n— " + trust.log().name() + " ";
        // past the base64 of the key's id, which would only make it the signature of an unknown key
        return flip(proof, proof.indexOf(mark) + mark.length() + 20);
    }

    /** Changes a digit of the root, the third line of the checkpoint. */
    private String flipRoot() {
        int checkpoint = proof.indexOf("\n\n") + 2;
        int size = proof.indexOf('\n', checkpoint) + 1;
        int root = proof.indexOf('\n', size) + 1;
        return flip(proof, root + 5);
    }

    private static String flip(String text, int at) {
        return text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1);
    }
}
