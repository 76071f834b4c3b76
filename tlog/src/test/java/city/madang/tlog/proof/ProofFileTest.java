package city.madang.tlog.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.tlog.TestKey;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.policy.PolicyFile;
import city.madang.tlog.policy.TrustPolicy;
import city.madang.tlog.tree.Growth;
import city.madang.tlog.tree.Nodes;
import city.madang.tlog.tree.Proofs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProofFileTest {

    private static final TestKey LOG = TestKey.make("example.com/log", VerifierKey.Kind.ED25519);
    private static final List<byte[]> ENTRIES = IntStream.range(0, 300)
            .mapToObj(i -> ("entry " + i).getBytes(UTF_8))
            .toList();

    private static ProofFile proof(int index) {
        Growth growth = Growth.append(0, Map.of(), ENTRIES);
        String note = new Checkpoint("example.com/log", growth.size(), growth.root())
                .signed(LOG.key(), LOG::sign)
                .format();
        return new ProofFile(
                Optional.of(ENTRIES.get(index)),
                index,
                Proofs.inclusion(Nodes.in(growth.changed()), index, growth.size()),
                note);
    }

    private static TrustPolicy policy(VerifierKey log) throws Malformed {
        return PolicyFile.parse(("log " + log + "\nquorum none\n").getBytes(UTF_8));
    }

    @Test
    void a_file_proves_its_entry_and_no_other_without_asking_anyone() throws Malformed {
        for (int index : new int[] {0, 1, 255, 256, 299}) {
            String text = proof(index).format();
            ProofFile parsed = ProofFile.parse(text);
            assertEquals(text, parsed.format());
            assertInstanceOf(ProofFile.Outcome.Included.class, parsed.check(ENTRIES.get(index), policy(LOG.key())));
            assertInstanceOf(
                    ProofFile.Outcome.Refused.class, parsed.check("another".getBytes(UTF_8), policy(LOG.key())));
            ProofFile moved = new ProofFile(parsed.extra(), index ^ 1, parsed.path(), parsed.checkpoint());
            assertInstanceOf(ProofFile.Outcome.Refused.class, moved.check(ENTRIES.get(index), policy(LOG.key())));
            assertInstanceOf(
                    ProofFile.Outcome.Refused.class,
                    parsed.check(
                            ENTRIES.get(index),
                            policy(TestKey.make("example.com/log", VerifierKey.Kind.ED25519)
                                    .key())));
        }
    }

    @Test
    void the_form_is_that_of_the_specification() {
        List<String> lines = proof(256).format().lines().toList();
        assertEquals("c2sp.org/tlog-proof@v1", lines.get(0));
        assertEquals("extra ZW50cnkgMjU2", lines.get(1));
        assertEquals("index 256", lines.get(2));
        assertEquals("", lines.get(3 + 6 + 1));
        assertEquals("example.com/log", lines.get(3 + 6 + 2));
    }

    @Test
    void a_malformed_file_is_refused() {
        String good = proof(256).format();
        for (String wrong : List.of(
                "",
                "\n\n",
                good.replace("proof@v1", "proof@v2"),
                good.replace("index 256\n", ""),
                good.replace("index 256", "index 0256"),
                good.replace("extra ", "more "),
                good.replace("index 256\n", "index 256\nAAAA\n"),
                good.replace("=\n\n", "=\n"))) {
            assertThrows(Malformed.class, () -> ProofFile.parse(wrong), wrong);
        }
    }
}
