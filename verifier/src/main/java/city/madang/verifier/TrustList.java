package city.madang.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The city's list of agencies (ETSI TS 119 602) with the certificates of their seals.
 *
 * @param nextUpdate from when on it says nothing any more
 */
public record TrustList(long sequence, Instant issued, Instant nextUpdate, List<Entry> seals) {

    /** The service under which the list names certificates of seals. */
    private static final String SEAL = "urn:madang:trust-list:service:record-seal";

    /** An agency's certificate for sealing. */
    public record Entry(String agency, Text name, X509Certificate certificate) {}

    public TrustList {
        seals = List.copyOf(seals);
    }

    /** The list, if the city's key for it has signed it; empty else. */
    static Optional<TrustList> read(String jws, Collection<X509Certificate> roots, Instant at) {
        String[] parts = jws.strip().split("\\.", -1);
        if (parts.length != 3
                || !(JsonBytes.read(parts[0], parts[1], parts[2]) instanceof SealBytes.Signed signed)
                || !signed.holds()
                || !Chain.isTrustList(signed.signer())
                || !Chain.leads(signed.signer(), signed.sent(), roots, at)) {
            return Optional.empty();
        }
        @Nullable JsonNode tree = StrictJson.object(Base64.getUrlDecoder().decode(parts[1]));
        JsonNode list =
                tree == null ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : tree.path("LoTE");
        try {
            JsonNode scheme = list.path("ListAndSchemeInformation");
            return Optional.of(new TrustList(
                    scheme.path("LoTESequenceNumber").asLong(),
                    Instant.parse(scheme.path("ListIssueDateTime").asText()),
                    Instant.parse(scheme.path("NextUpdate").asText()),
                    seals(list.path("TrustedEntitiesList"))));
        } catch (DateTimeException | GeneralSecurityException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static List<Entry> seals(JsonNode entities) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Entry> seals = new ArrayList<>();
        for (JsonNode entity : entities) {
            JsonNode information = entity.path("TrustedEntityInformation");
            for (JsonNode service : entity.path("TrustedEntityServices")) {
                JsonNode about = service.path("ServiceInformation");
                if (!about.path("ServiceTypeIdentifier").asText().equals(SEAL)) {
                    continue;
                }
                for (JsonNode certificate : about.path("ServiceDigitalIdentity").path("X509Certificates")) {
                    seals.add(new Entry(
                            value(information.path("TETradeName"), "en"),
                            new Text(value(information.path("TEName"), "ko"), value(information.path("TEName"), "en")),
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(Base64.getDecoder()
                                    .decode(certificate.path("val").asText().getBytes(StandardCharsets.US_ASCII))))));
                }
            }
        }
        return seals;
    }

    private static String value(JsonNode texts, String language) {
        for (JsonNode text : texts) {
            if (text.path("lang").asText().equals(language)) {
                return text.path("value").asText();
            }
        }
        return "";
    }

    Optional<Entry> seal(X509Certificate certificate) {
        return seals.stream()
                .filter(entry -> entry.certificate().equals(certificate))
                .findFirst();
    }
}
