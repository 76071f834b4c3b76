package city.madang.verifier;

import city.madang.tlog.note.Malformed;
import city.madang.tlog.policy.PolicyFile;
import city.madang.tlog.policy.TrustPolicy;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files that say whom to believe, in one folder. Of documents {@link #ROOTS} must be there, of payment receipts {@link #PAYMENT_KEYS}. */
public final class TrustFolder {

    /** PEM: the city's CA. */
    public static final String ROOTS = "ca.pem";

    /** PEM: roots of timestamp authorities. */
    public static final String TIMESTAMP_ROOTS = "timestamp.pem";

    /** C2SP tlog-policy: the agencies' logs and their witnesses. */
    public static final String POLICY = "log-policy";

    /** The city's trust list, compact JWS. */
    public static final String LIST = "trust-list.jwt";

    /** {@code {"anchors": [{log, size, root, chain_id, contract, transaction_hash, block_number, anchored}]}}. */
    public static final String ANCHORS = "anchors.json";

    /** RFC 7517: the keys with which the payment service signs receipts. */
    public static final String PAYMENT_KEYS = "payment-jwks.json";

    private static final long LONGEST = 8L * 1024 * 1024;

    private TrustFolder() {}

    /** The folder cannot be used; the message names file and fault. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String why) {
            super(why);
        }
    }

    public static Trust read(Path folder, Instant now) throws Unusable {
        List<X509Certificate> roots = certificates(folder.resolve(ROOTS));
        if (roots.isEmpty()) {
            throw new Unusable(ROOTS + " is not there, or holds no certificate");
        }
        return new Trust(
                roots,
                certificates(folder.resolve(TIMESTAMP_ROOTS)),
                policy(folder.resolve(POLICY)),
                list(folder.resolve(LIST), roots, now),
                anchors(folder.resolve(ANCHORS)));
    }

    /** The payment service's keys, if they are there. */
    static Optional<String> paymentKeys(Path folder) throws Unusable {
        return bytes(folder.resolve(PAYMENT_KEYS)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static Optional<TrustPolicy> policy(Path file) throws Unusable {
        Optional<byte[]> bytes = bytes(file);
        try {
            return bytes.isEmpty() ? Optional.empty() : Optional.of(PolicyFile.parse(bytes.get()));
        } catch (Malformed wrong) {
            throw new Unusable(POLICY + ": " + wrong.getMessage());
        }
    }

    private static Optional<TrustList> list(Path file, List<X509Certificate> roots, Instant now) throws Unusable {
        Optional<byte[]> bytes = bytes(file);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        Optional<TrustList> list = TrustList.read(new String(bytes.get(), StandardCharsets.US_ASCII), roots, now);
        if (list.isEmpty()) {
            throw new Unusable(LIST + " is not signed by the city's key for it");
        }
        return list;
    }

    static List<Anchor> anchors(byte[] json) throws Unusable {
        @Nullable JsonNode tree = StrictJson.object(json);
        if (tree == null) {
            throw new Unusable(ANCHORS + " is not JSON");
        }
        List<Anchor> anchors = new ArrayList<>();
        try {
            for (JsonNode anchor : tree.path("anchors")) {
                anchors.add(new Anchor(
                        anchor.path("log").asText(),
                        anchor.path("size").asLong(),
                        anchor.path("root").asText().replaceFirst("^0x", ""),
                        anchor.path("chain_id").asLong(),
                        anchor.path("contract").asText(),
                        anchor.path("transaction_hash").asText(),
                        anchor.path("block_number").asLong(),
                        Instant.parse(anchor.path("anchored").asText())));
            }
        } catch (DateTimeException wrong) {
            throw new Unusable(ANCHORS + " holds an anchor without its time");
        }
        return anchors;
    }

    private static List<Anchor> anchors(Path file) throws Unusable {
        Optional<byte[]> bytes = bytes(file);
        return bytes.isEmpty() ? List.of() : anchors(bytes.get());
    }

    private static List<X509Certificate> certificates(Path file) throws Unusable {
        Optional<byte[]> bytes = bytes(file);
        try {
            return bytes.isEmpty()
                    ? List.of()
                    : CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes.get()))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
        } catch (CertificateException malformed) {
            throw new Unusable(file.getFileName() + " holds no PEM certificates");
        }
    }

    private static Optional<byte[]> bytes(Path file) throws Unusable {
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            if (Files.size(file) > LONGEST) {
                throw new Unusable(file.getFileName() + " is larger than " + LONGEST + " bytes");
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (IOException failed) {
            throw new Unusable(file.getFileName() + " cannot be read");
        }
    }
}
