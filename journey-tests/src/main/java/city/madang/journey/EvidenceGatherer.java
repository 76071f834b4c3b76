package city.madang.journey;

import city.madang.journey.evidence.ChainAnchor;
import city.madang.journey.evidence.Evidence;
import city.madang.journey.evidence.LogKey;
import city.madang.journey.evidence.Opening;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** Collects what the holder has (from the wallet) and what an outsider trusts (published by the city, once). */
final class EvidenceGatherer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AGENCY = "transport";

    /** Anchoring follows publication within seconds, or within this after a service was killed. */
    private static final Duration ANCHORED = Duration.ofSeconds(120);

    private final Portal portal;
    private final WalletCommand wallet;
    private final Path home;

    EvidenceGatherer(Portal portal, WalletCommand wallet, Path home) {
        this.portal = portal;
        this.wallet = wallet;
        this.home = home;
    }

    Evidence gather(String record, String credential) {
        Evidence.Trust trust = trust();
        Instant deadline = Instant.now().plus(ANCHORED);
        while (true) {
            JsonNode saved = wallet.run(
                    "documents",
                    "get",
                    record,
                    "--out",
                    home.resolve("documents").toString());
            String proof = new String(bytes(saved, "proof"), StandardCharsets.UTF_8);
            // the log may have grown since its last anchor: take a proof against a checkpoint that is anchored
            if (ChainAnchor.check(proof, trust.chain(), trust.anchorContract()).holds()
                    || Instant.now().isAfter(deadline)) {
                return new Evidence(
                        bytes(saved, "pdf"),
                        Opening.of(json(bytes(saved, "opening"))),
                        proof,
                        credential,
                        record,
                        trust);
            }
            Portal.pause();
        }
    }

    private Evidence.Trust trust() {
        JsonNode agency = portal.get("/identity/agencies/" + AGENCY, null);
        String vkey = new String(
                portal.fetch("/records/log/" + AGENCY + "/vkey", null)
                        .orFail("the log's key")
                        .body(),
                StandardCharsets.UTF_8);
        return new Evidence.Trust(
                certificate(agency, "record-seal"),
                certificate(agency, "credential-issuer"),
                LogKey.parse(vkey),
                portal.city().chain(),
                portal.get("/records/anchor", null).path("contract").asText(),
                portal.city().origin() + "/identity/vct/parking-permit");
    }

    private static X509Certificate certificate(JsonNode agency, String purpose) {
        for (JsonNode certificate : agency.path("certificates")) {
            if (certificate.path("purpose").asText().equals(purpose)) {
                try {
                    byte[] der =
                            Base64.getDecoder().decode(certificate.at("/x5c/0").asText());
                    return (X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
                } catch (CertificateException malformed) {
                    throw new JourneyFailed("the " + purpose + " certificate is malformed: " + malformed);
                }
            }
        }
        throw new JourneyFailed("no " + purpose + " certificate of " + AGENCY);
    }

    private static byte[] bytes(JsonNode saved, String name) {
        try {
            return Files.readAllBytes(Path.of(saved.path(name).asText()));
        } catch (IOException missing) {
            throw new JourneyFailed("the wallet saved no " + name + ": " + missing);
        }
    }

    private static JsonNode json(byte[] document) {
        try {
            return JSON.readTree(document);
        } catch (IOException notJson) {
            throw new JourneyFailed("not JSON: " + notJson);
        }
    }
}
