package city.madang.tlog.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import city.madang.tlog.note.Malformed;
import city.madang.tlog.policy.PolicyFile;
import city.madang.tlog.policy.TrustPolicy;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in docs/records.md, word for word. */
class WorkedExampleTest {

    @TempDir
    Path folder;

    private static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("madang.root", ".."), "docs/records.md"));
    }

    private static String find(String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(page());
        assertEquals(true, matcher.find(), "the page has no " + pattern);
        return matcher.group(1);
    }

    private static String proof() throws IOException {
        return find("```\\n(c2sp\\.org/tlog-proof@v1\\n.*?)```");
    }

    private static String key() throws IOException {
        return find("vkey='(city\\.example[^']+)'");
    }

    @Test
    void the_proof_on_the_page_holds_for_its_entry_and_no_other() throws IOException, Malformed {
        ProofFile proof = ProofFile.parse(proof());
        TrustPolicy policy = PolicyFile.parse(("log " + key() + "\nquorum none\n").getBytes(UTF_8));
        byte[] entry = proof.extra().orElseThrow();
        assertInstanceOf(ProofFile.Outcome.Included.class, proof.check(entry, policy));
        entry[20] ^= 1;
        assertInstanceOf(ProofFile.Outcome.Refused.class, proof.check(entry, policy));
    }

    @Test
    void the_commands_on_the_page_check_it_and_refuse_an_altered_one() throws Exception {
        for (String tool : List.of("bash", "openssl", "sha256sum", "base64", "od")) {
            assumeTrue(
                    Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                            .anyMatch(path -> Files.isExecutable(Path.of(path, tool))),
                    "SKIPPED: there is no " + tool);
        }
        String commands = "vkey='" + key() + "'\n" + find("```sh\\n(proof=page2\\.tlog-proof.*?)```");
        String root = "f9f574b6831fc643e3d3efa83376bc32190918848eff1cbf54d74bf25b0d4979";
        List<String> good = run(commands, proof());
        assertEquals(List.of(root, root, "Signature Verified Successfully"), good.subList(1, 4));
        assertEquals(root, find("twice `([0-9a-f]{64})`"));
        List<String> bent = run(commands, proof().replace("ledger", "ledges").replace("\n3\n", "\n4\n"));
        assertEquals("Signature Verification Failure", bent.get(3));
    }

    private List<String> run(String commands, String proof) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("page2.tlog-proof"), proof);
        Process process = new ProcessBuilder("bash", "-c", commands)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output.lines().toList();
    }
}
