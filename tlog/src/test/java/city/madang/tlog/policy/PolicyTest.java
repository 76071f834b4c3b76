package city.madang.tlog.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.tlog.TestKey;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Cosignature;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.NoteSignature;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {

    private static final TestKey LOG = TestKey.make("example.com/log", VerifierKey.Kind.ED25519);
    private static final List<TestKey> X = List.of(witness("x1"), witness("x2"), witness("x3"));
    private static final List<TestKey> Y = List.of(
            TestKey.make("witness.example/y1", VerifierKey.Kind.COSIGNATURE_ML_DSA_44), witness("y2"), witness("y3"));

    /** The example of C2SP tlog-policy. */
    private static final String POLICY =
            """
            # any of them
            log %s https://example.com/log

            witness X1 %s https://x1.example/
            witness X2 %s
            witness X3 %s
            group X-witnesses 2 X1 X2 X3
             \t
            witness Y1 %s
            witness Y2 %s
            witness Y3 %s
            \tgroup  Y-witnesses any Y1 Y2 Y3
            group X-and-Y all X-witnesses Y-witnesses
            quorum X-and-Y
            """
                    .formatted(
                            LOG.key(),
                            X.get(0).key(),
                            X.get(1).key(),
                            X.get(2).key(),
                            Y.get(0).key(),
                            Y.get(1).key(),
                            Y.get(2).key());

    private static TestKey witness(String name) {
        return TestKey.make("witness.example/" + name, VerifierKey.Kind.COSIGNATURE_ED25519);
    }

    private static TrustPolicy parse(String policy) throws Malformed {
        return PolicyFile.parse(policy.getBytes(UTF_8));
    }

    private static SignedNote note(TestKey log, List<TestKey> witnesses) throws Malformed {
        Checkpoint checkpoint = new Checkpoint("example.com/log", 7, new byte[32]);
        SignedNote note = checkpoint.signed(log.key(), log::sign);
        List<NoteSignature> lines = new ArrayList<>(note.signatures());
        for (TestKey witness : witnesses) {
            lines.add(Cosignature.sign(witness.key(), note, 1_800_000_000L, witness::sign));
        }
        return new SignedNote(note.text(), lines);
    }

    @Test
    void a_checkpoint_is_trusted_from_its_quorum_on() throws Malformed {
        TrustPolicy policy = parse(POLICY);
        assertEquals("https://x1.example/", policy.witnesses().get("X1").url().orElseThrow());
        TrustPolicy.Verdict.Trusted trusted = assertInstanceOf(
                TrustPolicy.Verdict.Trusted.class,
                policy.judge(note(LOG, List.of(X.get(0), X.get(2), Y.get(0), witness("unknown")))));
        assertEquals(Set.of("X1", "X3", "Y1"), trusted.cosigned().keySet());
        assertEquals(1_800_000_000L, trusted.cosigned().get("Y1"));
        for (List<TestKey> few : List.of(
                List.<TestKey>of(),
                List.of(X.get(0), Y.get(0)),
                List.of(X.get(0), X.get(0), Y.get(0)),
                X,
                Y,
                List.of(witness("x1"), X.get(1), Y.get(1)))) {
            assertInstanceOf(TrustPolicy.Verdict.Refused.class, policy.judge(note(LOG, few)));
        }
    }

    @Test
    void a_checkpoint_of_another_log_or_with_a_spoilt_signature_is_refused() throws Malformed {
        TrustPolicy policy =
                parse("log " + LOG.key() + "\nwitness w " + X.getFirst().key() + "\nquorum none\n");
        assertInstanceOf(TrustPolicy.Verdict.Trusted.class, policy.judge(note(LOG, List.of())));
        assertInstanceOf(
                TrustPolicy.Verdict.Refused.class,
                policy.judge(note(TestKey.make("example.com/log", VerifierKey.Kind.ED25519), List.of())));
        TestKey elsewhere = TestKey.make("example.com/other", VerifierKey.Kind.ED25519);
        assertInstanceOf(
                TrustPolicy.Verdict.Refused.class,
                policy.judge(
                        new Checkpoint("example.com/other", 7, new byte[32]).signed(elsewhere.key(), elsewhere::sign)));
        // another log's checkpoint, to which this log's name was put
        assertInstanceOf(
                TrustPolicy.Verdict.Refused.class,
                policy.judge(new Checkpoint("example.com/other", 7, new byte[32]).signed(LOG.key(), LOG::sign)));
        SignedNote good = note(LOG, List.of(X.getFirst()));
        for (int line = 0; line < 2; line++) {
            List<NoteSignature> bent = new ArrayList<>(good.signatures());
            byte[] bytes = bent.get(line).signature().clone();
            bytes[20] ^= 1;
            bent.set(
                    line,
                    new NoteSignature(bent.get(line).name(), bent.get(line).keyId(), bytes));
            assertInstanceOf(TrustPolicy.Verdict.Refused.class, policy.judge(new SignedNote(good.text(), bent)));
        }
    }

    @Test
    void a_malformed_policy_is_refused_with_its_line() {
        String x = X.getFirst().key().format();
        String y = Y.get(1).key().format();
        for (String wrong : List.of(
                "",
                "witness a " + x + "\n",
                "quorum none\nquorum none\n",
                "quorum a\nwitness a " + x + "\n",
                "witness none " + x + "\nquorum none\n",
                "witness a " + x + "\nwitness a " + y + "\nquorum a\n",
                "witness a " + x + "\nwitness b " + x + "\nquorum a\n",
                "witness a " + LOG.key() + "\nquorum a\n",
                "log " + LOG.key() + "\nlog " + LOG.key() + "\nquorum none\n",
                "witness a " + x + "\ngroup g 2 a\nquorum g\n",
                "witness a " + x + "\ngroup g 0 a\nquorum g\n",
                "witness a " + x + "\ngroup g any\nquorum g\n",
                "witness a " + x + "\ngroup g any a\ngroup h any a\nquorum g\n",
                "witness a " + x + "\ngroup g any g\nquorum g\n",
                "witness a " + x + "\ngroup g any none\nquorum g\n",
                "witness a\u0001 " + x + "\nquorum none\n",
                "witness a " + x + "\r\nquorum none\n",
                "watch a " + x + "\nquorum none\n")) {
            assertThrows(Malformed.class, () -> parse(wrong), wrong);
        }
        assertTrue(assertThrows(Malformed.class, () -> parse("quorum none\nquorum none\n"))
                .getMessage()
                .startsWith("line 2: "));
    }
}
