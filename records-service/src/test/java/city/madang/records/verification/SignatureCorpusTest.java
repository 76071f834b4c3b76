package city.madang.records.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.spi.signature.AdvancedSignature;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The PDFs that DSS itself is tested with. Some versions of BouncyCastle make DSS find no signatures, without any error: a
 * forged seal and a missing one would then look alike.
 */
class SignatureCorpusTest {

    private static final String FOLDER = "validation/";

    /** Held, so that its level stays: DSS tells of every signature, and broken ones are expected here. */
    private static final Logger DSS = Logger.getLogger("eu.europa.esig.dss");

    @BeforeAll
    static void hush() {
        DSS.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        DSS.setLevel(null);
    }

    @Test
    void every_signature_of_the_corpus_is_found_and_every_intact_one_is_held_for_intact() throws IOException {
        URL folder = PDFDocumentValidator.class.getClassLoader().getResource("validation/51sigs.pdf");
        int documents = 0;
        int found = 0;
        int intact = 0;
        try (JarFile jar = ((JarURLConnection) folder.openConnection()).getJarFile()) {
            List<JarEntry> entries = jar.stream()
                    .filter(entry -> entry.getName().startsWith(FOLDER)
                            && entry.getName().endsWith(".pdf"))
                    .toList();
            for (JarEntry entry : entries) {
                documents++;
                for (AdvancedSignature signature : signatures(jar, entry)) {
                    found++;
                    intact += signature.getSignatureCryptographicVerification().isSignatureIntact() ? 1 : 0;
                }
            }
        }
        assertEquals(
                "137 documents, 233 signatures, 207 intact",
                documents + " documents, " + found + " signatures, " + intact + " intact");
    }

    private static List<AdvancedSignature> signatures(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream pdf = jar.getInputStream(entry)) {
            PDFDocumentValidator validator = new PDFDocumentValidator(new InMemoryDocument(pdf.readAllBytes()));
            CommonCertificateVerifier offline = new CommonCertificateVerifier();
            offline.setAIASource(null);
            validator.setCertificateVerifier(offline);
            return validator.getSignatures();
        } catch (RuntimeException unreadable) {
            // some are broken on purpose; what else becomes unreadable shows in the counts
            return List.of();
        }
    }
}
