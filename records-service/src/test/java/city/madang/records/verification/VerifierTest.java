package city.madang.records.verification;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.records.sealing.SealedSamples;
import city.madang.records.sealing.TestSeal;
import city.madang.verifier.Anchor;
import city.madang.verifier.FileKind;
import city.madang.verifier.Finding;
import city.madang.verifier.Trust;
import city.madang.verifier.Verification;
import city.madang.verifier.Verification.Conclusion;
import city.madang.verifier.Verifier;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is genuine is called so, and nothing else is, whatever a stranger sends. */
class VerifierTest {

    private static final TestSeal CITY = new TestSeal("transport", "교통국", "Transport Authority");
    private static final SealedSamples SAMPLES = new SealedSamples(CITY);
    private static final byte[] PDF = SAMPLES.pdf();
    private static final byte[] JSON = SAMPLES.json();
    private static final Instant NOW = Instant.now();

    private static final Trust TRUST =
            new Trust(List.of(CITY.root), List.of(), Optional.empty(), Optional.empty(), List.of());

    private static Verification verify(byte[] file) {
        return Verifier.verify(file, Optional.empty(), TRUST, NOW);
    }

    private static void concludes(Conclusion conclusion, byte[] file, String what) {
        Verification verification = verify(file);
        assertEquals(conclusion, verification.conclusion(), () -> what + ": " + verification.findings());
        assertFalse(conclusion.good(), "the table lists what is bad");
    }

    private static void refutes(byte[] file, String what) {
        Verification verification = verify(file);
        assertFalse(verification.conclusion().good(), () -> what + ": " + verification.findings());
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] replace(byte[] file, String what, String with) {
        String text = new String(file, ISO_8859_1);
        assertTrue(text.contains(what), what);
        return text.replace(what, with).getBytes(ISO_8859_1);
    }

    @Test
    void a_sealed_record_is_genuine_and_says_by_whom() {
        for (byte[] file : List.of(PDF, JSON)) {
            Verification verification = verify(file);
            assertEquals(Conclusion.GENUINE, verification.conclusion(), () -> verification
                    .findings()
                    .toString());
            assertEquals(
                    "Transport Authority", verification.signer().orElseThrow().name());
            assertEquals(
                    Finding.Status.NOT_SHOWN,
                    verification.finding("logged").orElseThrow().status());
            String time =
                    verification.finding("timestamped").orElseThrow().says().en();
            assertFalse(time.contains("?"), time);
            for (Finding finding : verification.findings()) {
                assertFalse(finding.says().ko().isBlank() || finding.says().en().isBlank());
            }
        }
    }

    @Test
    void what_was_changed_or_added_after_the_seal_is_called_changed() {
        byte[] flipped = PDF.clone();
        flipped[PDF.length / 3] ^= 1;
        concludes(Conclusion.CHANGED, flipped, "a flipped bit");
        String update =
                "\n10 0 obj\n<< /Type /Annot >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 11 /Root 1 0 R >>\nstartxref\n9\n%%EOF\n";
        concludes(Conclusion.CHANGED, join(PDF, update.getBytes(ISO_8859_1)), "an incremental update");
        concludes(Conclusion.CHANGED, join(PDF, new byte[] {'\n'}), "one byte at the end");
        concludes(Conclusion.CHANGED, join(PDF, PDF), "a document after it");
        byte[] again = SAMPLES.signAgain(PDF);
        concludes(Conclusion.CHANGED, again, "a second signature, even of the same agency");
        refutes(join("%PDF-1.7\n%shadow\n".getBytes(ISO_8859_1), PDF), "a document before it");
        refutes(Arrays.copyOf(PDF, PDF.length - 2), "cut off");
    }

    /** Universal signature forgery, incremental saving and signature wrapping (Mladenov et al., CCS 2019); shadow attacks (NDSS 2021). */
    @Test
    void forged_ranges_and_wrapped_signatures_are_not_believed() {
        String text = new String(PDF, ISO_8859_1);
        int at = text.indexOf("/ByteRange");
        String range = text.substring(at, text.indexOf(']', at) + 1);
        String[] numbers = range.replaceAll("[^0-9 ]", "").strip().split("\\s+");
        long first = Long.parseLong(numbers[1]);
        long second = Long.parseLong(numbers[2]);
        long rest = Long.parseLong(numbers[3]);
        for (String forged : List.of(
                "/ByteRange [0 0 0 0]",
                "/ByteRange [0 " + first + " " + second + " " + (rest - 10) + "]",
                "/ByteRange [0 " + first + " " + (second + 10) + " " + (rest - 10) + "]",
                "/ByteRange [0 " + (first - 10) + " " + second + " " + rest + "]",
                "/ByteRange [1 " + (first - 1) + " " + second + " " + rest + "]",
                "/ByteRange [-1 " + first + " " + second + " " + rest + "]",
                "/ByteRange [0 " + first + " 9999999999 9999999999]",
                "/ByteRange null",
                "/ByteRange [0 " + first + "]")) {
            refutes(replace(PDF, range, pad(forged, range.length())), forged);
        }
        // wrapping: the signed bytes are moved to the end, something else is put between
        byte[] wrapped = join(
                Arrays.copyOf(PDF, (int) second),
                "\n99 0 obj << /Evil true >> endobj\n".getBytes(ISO_8859_1),
                Arrays.copyOfRange(PDF, (int) second, PDF.length));
        refutes(wrapped, "something inserted after the signature");
        refutes(replace(PDF, "/Contents <", "/Contents ["), "no hex string");
        int content = text.indexOf("<30", at);
        byte[] zeroes = PDF.clone();
        Arrays.fill(zeroes, content + 1, content + 200, (byte) '0');
        refutes(zeroes, "an empty signature");
    }

    private static String pad(String text, int length) {
        return text.length() >= length ? text : text + " ".repeat(length - text.length());
    }

    @Test
    void a_seal_of_another_ca_or_of_a_key_for_other_things_is_none_of_the_city() {
        TestSeal stranger = new TestSeal("transport", "교통국", "Transport Authority");
        concludes(Conclusion.NOT_PROVEN, new SealedSamples(stranger).pdf(), "another CA of the same name");
        concludes(Conclusion.NOT_PROVEN, new SealedSamples(stranger).json(), "another CA of the same name");
        concludes(
                Conclusion.NOT_PROVEN,
                new SealedSamples(CITY.withUsage(false)).pdf(),
                "a key of the city's CA that is no seal, as that of a credential issuer");
        concludes(Conclusion.NOT_PROVEN, new SealedSamples(CITY.withUsage(false)).json(), "no seal");
    }

    @Test
    void bombs_scripts_and_wrong_types_are_answered_in_no_time_and_opened_by_nobody() throws Exception {
        byte[] bomb = bomb();
        long began = System.nanoTime();
        long memory = used();
        concludes(Conclusion.NOT_PROVEN, bomb, "a PDF that unpacks to gigabytes");
        concludes(
                Conclusion.NOT_PROVEN,
                ("%PDF-1.7\n1 0 obj << /Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >> endobj\n"
                                + "trailer << /Root 1 0 R >>\n%%EOF")
                        .getBytes(ISO_8859_1),
                "a PDF with a script");
        refutes(
                join("%PDF-1.7\n1 0 obj << /ByteRange [0 30 1030 2000] /Contents <".getBytes(ISO_8859_1), bomb),
                "a bomb that claims to be signed");
        refutes("%PDF-1.7\n".concat("[".repeat(1_000_000)).getBytes(ISO_8859_1), "deep nesting");
        refutes(("%PDF-1.7\n" + "/ByteRange [0 1 2 3]\n".repeat(100_000)).getBytes(ISO_8859_1), "many signatures");
        for (String other : List.of(
                "<html><script>alert(1)</script></html>",
                "PK\u0003\u0004",
                "MZ\u0090",
                "",
                "\u0000",
                "%!PS",
                "<?xml version='1.0'?><!DOCTYPE x>")) {
            Verification verification = verify(other.getBytes(ISO_8859_1));
            assertEquals(FileKind.OTHER, verification.kind());
            assertEquals(Conclusion.NOT_PROVEN, verification.conclusion());
        }
        concludes(Conclusion.NOT_PROVEN, new byte[Verifier.LONGEST + 1], "too large");
        assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 20, "nothing was unpacked");
        assertTrue(used() - memory < 500_000_000L, "nothing was unpacked");
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Ten megabytes that unpack to ten gigabytes, as the cross-reference stream that a parser must read first. */
    private static byte[] bomb() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] zeroes = new byte[1 << 20];
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed, new Deflater(9))) {
            for (int i = 0; i < 200; i++) {
                out.write(zeroes);
            }
        }
        ByteArrayOutputStream pdf = new ByteArrayOutputStream();
        pdf.writeBytes("%PDF-1.7\n".getBytes(ISO_8859_1));
        pdf.writeBytes(("1 0 obj << /Type /XRef /Filter /FlateDecode /W [1 2 2] /Size 99999999 /Length " + packed.size()
                        + " >>\nstream\n")
                .getBytes(ISO_8859_1));
        pdf.writeBytes(packed.toByteArray());
        pdf.writeBytes("\nendstream endobj\nstartxref\n9\n%%EOF".getBytes(ISO_8859_1));
        return pdf.toByteArray();
    }

    @Test
    void json_that_is_not_what_was_signed_is_refused() {
        JsonObject jws = new JsonObject(new String(JSON, UTF_8));
        String payload = new String(Base64.getUrlDecoder().decode(jws.getString("payload")), UTF_8);
        String forged = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(payload.replace("12가3456", "12가3457").getBytes(UTF_8));
        concludes(Conclusion.CHANGED, jws.copy().put("payload", forged).encode().getBytes(UTF_8), "another plate");
        refutes(jws.copy().put("note", "free parking").encode().getBytes(UTF_8), "something beside it");
        refutes(JSON.length == 0 ? JSON : (new String(JSON, UTF_8) + "{}").getBytes(UTF_8), "something after it");
        refutes(
                ("{\"payload\":\"" + forged + "\"," + new String(JSON, UTF_8).substring(1)).getBytes(UTF_8),
                "a member twice");
        for (String member : List.of("jku", "x5u", "jwk", "sigD")) {
            refutes(header(jws, new JsonObject().put(member, "https://evil.example/")), member);
        }
        refutes(header(jws, new JsonObject().put("alg", "none")), "no signature");
        refutes(header(jws, new JsonObject().put("alg", "HS256")), "a signature with the public key as secret");
        refutes("{}".getBytes(UTF_8), "nothing");
        refutes(("{\"a\":" + "[".repeat(100_000)).getBytes(UTF_8), "deep");
        refutes("{\"payload\":1,\"protected\":2,\"signature\":3}".getBytes(UTF_8), "numbers");
    }

    private static byte[] header(JsonObject jws, JsonObject more) {
        JsonObject header = new JsonObject(new String(Base64.getUrlDecoder().decode(jws.getString("protected")), UTF_8))
                .mergeIn(more);
        return jws.copy()
                .put(
                        "protected",
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(header.encode().getBytes(UTF_8)))
                .encode()
                .getBytes(UTF_8);
    }

    private static byte[] opening(byte[] entry) {
        return new JsonObject()
                .put("entry", new String(entry, UTF_8))
                .put("document_salt", HexFormat.of().formatHex(SealedSamples.SALT))
                .encode()
                .getBytes(UTF_8);
    }

    @Test
    void a_proof_shows_log_witness_and_anchor_and_a_wrong_one_is_refused() throws Exception {
        TestLog log = new TestLog();
        byte[] entry = SAMPLES.entry(PDF, JSON);
        log.entries.addAll(List.of("first".getBytes(UTF_8), entry, "third".getBytes(UTF_8)));
        byte[] proof = log.proof(1, opening(entry), NOW.getEpochSecond());
        Anchor anchor = new Anchor(
                TestLog.ORIGIN, 3, HexFormat.of().formatHex(log.grown().root()), 31337, "0x1", "0x2", 7, NOW);
        Trust trust = new Trust(
                List.of(CITY.root), List.of(), Optional.of(log.policy(true)), Optional.empty(), List.of(anchor));
        for (byte[] file : List.of(PDF, JSON)) {
            Verification good = Verifier.verify(file, Optional.of(proof), trust, NOW);
            assertEquals(
                    Conclusion.GENUINE, good.conclusion(), () -> good.findings().toString());
            for (String check : List.of("logged", "cosigned", "anchored")) {
                assertEquals(
                        Finding.Status.PROVEN, good.finding(check).orElseThrow().status(), check);
            }
            assertEquals(1, good.logged().orElseThrow().index());
        }
        assertEquals(
                Conclusion.LOGGED,
                Verifier.verify(proof, Optional.empty(), trust, NOW).conclusion());

        TestLog other = new TestLog();
        other.entries.addAll(log.entries);
        byte[] fork = other.proof(1, opening(entry), NOW.getEpochSecond());
        refusesProof(PDF, fork, trust, "the log of another key");
        refusesProof(PDF, log.proof(0, opening(entry), 1), trust, "another place");
        refusesProof(PDF, log.proof(0, opening("first".getBytes(UTF_8)), 1), trust, "an entry about something else");
        refusesProof(SAMPLES.pdf(), proof, trust, "a proof of another document");
        byte[] cut = Arrays.copyOf(proof, proof.length - 40);
        refusesProof(PDF, cut, trust, "cut off");
        refusesProof(PDF, "c2sp.org/tlog-proof@v1\n".getBytes(UTF_8), trust, "nothing in it");
        Trust forked = new Trust(
                List.of(CITY.root),
                List.of(),
                Optional.of(log.policy(true)),
                Optional.empty(),
                List.of(new Anchor(TestLog.ORIGIN, 3, "00".repeat(32), 31337, "0x1", "0x2", 7, NOW)));
        refusesProof(PDF, proof, forked, "the chain holds another history");
    }

    private static void refusesProof(byte[] file, byte[] proof, Trust trust, String what) {
        Verification verification = Verifier.verify(file, Optional.of(proof), trust, NOW);
        assertEquals(Conclusion.REFUTED, verification.conclusion(), () -> what + ": " + verification.findings());
    }

    @Test
    void a_seal_counts_after_its_certificate_has_ended_if_the_log_shows_that_it_was_in_time() throws Exception {
        Instant later = CITY.seal.chain().getFirst().getNotAfter().toInstant().plus(Duration.ofDays(1));
        assertEquals(
                Conclusion.NOT_PROVEN,
                Verifier.verify(PDF, Optional.empty(), TRUST, later).conclusion());
        TestLog log = new TestLog();
        byte[] entry = SAMPLES.entry(PDF, JSON);
        log.entries.add(entry);
        Trust trust =
                new Trust(List.of(CITY.root), List.of(), Optional.of(log.policy(true)), Optional.empty(), List.of());
        assertEquals(
                Conclusion.GENUINE,
                Verifier.verify(PDF, Optional.of(log.proof(0, opening(entry), NOW.getEpochSecond())), trust, later)
                        .conclusion());
    }

    @Test
    void the_command_says_it_in_words_and_by_its_exit_code(@TempDir Path folder) throws Exception {
        Path trust = Files.createDirectory(folder.resolve("trust"));
        Path file = Files.write(folder.resolve("permit.pdf"), PDF);
        assertEquals(2, run(file, trust).code(), "no trust files");
        Files.copy(CITY.rootPem(folder), trust.resolve("ca.pem"));
        Ran alone = run(file, trust);
        assertEquals(0, alone.code(), alone.said());
        assertTrue(alone.said().contains("Genuine") && alone.said().contains("Transport Authority"), alone.said());
        TestLog log = new TestLog();
        byte[] entry = SAMPLES.entry(PDF, JSON);
        log.entries.add(entry);
        Files.writeString(trust.resolve("log-policy"), log.policyText(true));
        Files.write(folder.resolve("permit.tlog-proof"), log.proof(0, opening(entry), NOW.getEpochSecond()));
        Ran proven = run(file, trust);
        assertEquals(0, proven.code());
        assertTrue(proven.said().contains("entry 0 of 1") && proven.said().contains("w1"), proven.said());
        Ran proofAlone = run(folder.resolve("permit.tlog-proof"), trust);
        assertEquals(0, proofAlone.code(), proofAlone.said());
        byte[] flipped = PDF.clone();
        flipped[PDF.length / 3] ^= 1;
        Ran changed = run(Files.write(folder.resolve("changed.pdf"), flipped), trust);
        assertEquals(1, changed.code());
        assertTrue(changed.said().contains("Changed after it was sealed"), changed.said());
        assertEquals(2, run(folder.resolve("nothing.pdf"), trust).code());
        Files.writeString(trust.resolve("trust-list.jwt"), SAMPLES.forgedTrustList());
        Ran forged = run(file, trust);
        assertEquals(2, forged.code(), "a trust list that an agency has signed is none");
    }

    private record Ran(int code, String said) {}

    private static Ran run(Path file, Path trust) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, UTF_8)) {
            int code = city.madang.verifier.Command.run(
                    new String[] {file.toString(), "--trust", trust.toString(), "--lang", "en"}, NOW, print, print);
            return new Ran(code, out.toString(UTF_8));
        }
    }
}
