package city.madang.records.sealing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import city.madang.records.paper.Paper;
import city.madang.records.paper.RecordTemplate;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSException;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.ValidationResult;

/** Records on paper and as JSON, checked by software of others: veraPDF, poppler, the EU's DSS. */
class SealTest {

    private static final Paper PAPER = new Paper();
    private static final TestSeal CITY = new TestSeal("transport", "교통국", "Transport Authority");
    private static final SealedSamples SAMPLES = new SealedSamples(CITY);

    private static final String OWN_TEMPLATE =
            """
            <html><head><title>x</title><style>@page { size: A4 landscape; @bottom-center { content: counter(page) } }
            li { color: #777 } .box { border: 1pt solid black }</style></head>
            <body><h2>{{title.ko}} <em>{{title.en}}</em></h2><ul><li>{{fact.plate}}</li><li><i>기울임</i> <b>굵게</b></li></ul>
            <ol><li>하나</li></ol><hr/><div class="box">{{facts}}</div><img src="{{qr}}" alt="QR"/></body></html>
            """;

    private static byte[] pdf(RecordTemplate template, Optional<TSPSource> timestamps) {
        return SAMPLES.pdf(template, timestamps);
    }

    private static byte[] json(Optional<TSPSource> timestamps) {
        return SAMPLES.json(timestamps);
    }

    private static RecordTemplate own() {
        return ((RecordTemplate.Result.Read) RecordTemplate.read(OWN_TEMPLATE, Set.of("plate"))).template();
    }

    @Test
    void a_sealed_record_is_pdf_a_2b_by_verapdf() throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (RecordTemplate template : List.of(PAPER.standard(), own())) {
            ValidationResult result = validate(pdf(template, Optional.empty()));
            assertTrue(result.isCompliant(), () -> result.getTestAssertions().toString());
            assertTrue(result.getTotalAssertions() > 100, "it looked closely: " + result.getTotalAssertions());
        }
        byte[] plain = Files.readAllBytes(notPdfA());
        assertFalse(validate(plain).isCompliant(), "it can say no");
    }

    private static ValidationResult validate(byte[] pdf) throws Exception {
        try (PDFAParser parser =
                Foundries.defaultInstance().createParser(new ByteArrayInputStream(pdf), PDFAFlavour.PDFA_2_B)) {
            return Foundries.defaultInstance()
                    .createValidator(PDFAFlavour.PDFA_2_B, false)
                    .validate(parser);
        }
    }

    private static Path notPdfA() throws Exception {
        Path file = Files.createTempFile("not-pdf-a", ".pdf");
        try (org.apache.pdfbox.pdmodel.PDDocument document = new org.apache.pdfbox.pdmodel.PDDocument()) {
            document.addPage(new org.apache.pdfbox.pdmodel.PDPage());
            document.save(file.toFile());
        }
        return file;
    }

    @Test
    void without_a_timestamp_authority_a_seal_is_of_level_b(@TempDir Path folder) {
        Reports pdf = reports(pdf(PAPER.standard(), Optional.empty()), List.of());
        assertSealed(pdf, SignatureLevel.PAdES_BASELINE_B);
        Reports json = reports(json(Optional.empty()), List.of());
        assertSealed(json, SignatureLevel.JAdES_BASELINE_B);
    }

    @Test
    void the_payload_of_sealed_json_is_the_record() {
        JsonObject jws = new JsonObject(new String(json(Optional.empty()), StandardCharsets.UTF_8));
        assertEquals(Set.of("payload", "protected", "signature"), jws.fieldNames());
        JsonObject record = new JsonObject(
                new String(Base64.getUrlDecoder().decode(jws.getString("payload")), StandardCharsets.UTF_8));
        assertEquals("parking-permit", record.getString("type"));
        assertEquals("transport", record.getJsonObject("agency").getString("id"));
        assertEquals(
                SealedSamples.PLATE,
                record.getJsonArray("facts").getJsonObject(0).getString("value"));
        JsonObject header = new JsonObject(
                new String(Base64.getUrlDecoder().decode(jws.getString("protected")), StandardCharsets.UTF_8));
        assertEquals("ES256", header.getString("alg"));
        assertEquals(1, header.getJsonArray("x5c").size(), "the chain without the root");
    }

    @Test
    void with_a_timestamp_authority_a_seal_is_of_level_t(@TempDir Path folder) throws Exception {
        try (LocalTimestampAuthority authority = new LocalTimestampAuthority(folder)) {
            TSPSource client = authority.client(List.of(authority.root));
            List<CertificateToken> trust = List.of(new CertificateToken(authority.root));
            byte[] sealed = pdf(PAPER.standard(), Optional.of(client));
            Reports pdf = reports(sealed, trust);
            assertSealed(pdf, SignatureLevel.PAdES_BASELINE_T);
            assertEquals(1, pdf.getDiagnosticData().getTimestampList().size());
            assertTrue(pdf.getDiagnosticData().getTimestampList().getFirst().isSignatureIntact());
            VeraGreenfieldFoundryProvider.initialise();
            ValidationResult archive = validate(sealed);
            assertTrue(archive.isCompliant(), () -> archive.getTestAssertions().toString());
            accepted(sealed, folder);
            assertSealed(reports(json(Optional.of(client)), trust), SignatureLevel.JAdES_BASELINE_T);
        }
    }

    @Test
    void an_authority_that_answers_wrongly_is_not_believed(@TempDir Path folder) throws Exception {
        try (LocalTimestampAuthority authority = new LocalTimestampAuthority(folder)) {
            Optional<TSPSource> client = Optional.of(authority.client(List.of(authority.root)));
            byte[][] kept = new byte[1][];
            authority.answer = answer -> kept[0] == null ? kept[0] = answer : kept[0];
            json(client);
            assertThrows(DSSException.class, () -> json(client), "an answer to another question");
            authority.answer = answer -> new byte[] {1, 2, 3};
            assertThrows(DSSException.class, () -> json(client));
            authority.answer = answer -> answer;
            authority.offset = Duration.ofMinutes(-20);
            assertThrows(DSSException.class, () -> json(client), "a wrong clock");
            authority.offset = Duration.ZERO;
            Optional<TSPSource> distrustful = Optional.of(authority.client(List.of(CITY.root)));
            assertThrows(DSSException.class, () -> json(distrustful), "an authority that nobody trusts");
            json(client);
        }
    }

    @Test
    void poppler_accepts_every_seal(@TempDir Path folder) throws Exception {
        accepted(pdf(PAPER.standard(), Optional.empty()), folder);
        accepted(pdf(own(), Optional.empty()), folder);
    }

    private static void accepted(byte[] pdf, Path folder) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/pdfsig")),
                "SKIPPED: pdfsig is not installed (Debian: poppler-utils), so no seal was shown to it");
        Path file = Files.write(folder.resolve(UUID.randomUUID() + ".pdf"), pdf);
        Process process = new ProcessBuilder("/usr/bin/pdfsig", "-nocert", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertTrue(said.contains("Signature Validation: Signature is Valid."), said);
        assertTrue(said.contains("Total document signed"), said);
        assertTrue(said.contains("ETSI.CAdES.detached"), said);
        byte[] changed = pdf.clone();
        changed[pdf.length / 3] ^= 1;
        Files.write(file, changed);
        Process again = new ProcessBuilder("/usr/bin/pdfsig", "-nocert", file.toString())
                .redirectErrorStream(true)
                .start();
        assertFalse(
                new String(again.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .contains("Signature is Valid."),
                "it can say no");
    }

    private static Reports reports(byte[] document, List<CertificateToken> more) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(new CertificateToken(CITY.root));
        more.forEach(trusted::addCertificate);
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(null);
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new InMemoryDocument(document));
        validator.setCertificateVerifier(verifier);
        return validator.validateDocument();
    }

    private static void assertSealed(Reports reports, SignatureLevel level) {
        List<SignatureWrapper> signatures = reports.getDiagnosticData().getSignatures();
        assertEquals(1, signatures.size());
        SignatureWrapper signature = signatures.getFirst();
        assertTrue(signature.isSignatureIntact() && signature.isSignatureValid());
        assertTrue(signature.isTrustedChain());
        assertEquals(level, signature.getSignatureFormat());
        // the city's CA has no CRL, so DSS, under its strictest policy, leaves the last word open
        assertNotEquals(
                Indication.TOTAL_FAILED,
                reports.getSimpleReport().getIndication(signature.getId()),
                () -> reports.getXmlSimpleReport());
        assertEquals("Transport Authority", signature.getSigningCertificate().getCommonName());
    }
}
