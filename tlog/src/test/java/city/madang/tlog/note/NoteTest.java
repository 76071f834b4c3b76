package city.madang.tlog.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.tlog.TestKey;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class NoteTest {

    /** The example of Go's golang.org/x/mod/sumdb/note. */
    private static final String GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private static final String GO_NOTE =
            """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
            """;

    @Test
    void a_note_of_another_implementation_is_read_verified_and_written_word_for_word() throws Malformed {
        SignedNote note = SignedNote.parse(GO_NOTE.getBytes(UTF_8));
        VerifierKey key = VerifierKey.parse(GO_KEY);

        assertEquals(GO_KEY, key.format());
        assertTrue(key.isNamedBy(note.signatures().getFirst()));
        assertTrue(key.verifies(note.signedBytes(), note.signatures().getFirst().signature()));
        assertEquals(GO_NOTE, note.format());
        assertFalse(key.verifies(
                "something else\n".getBytes(UTF_8), note.signatures().getFirst().signature()));
    }

    @Test
    void a_malformed_note_is_refused() {
        for (String wrong : List.of(
                "",
                "text\n",
                "text\n\n",
                GO_NOTE.stripTrailing(),
                GO_NOTE.replace("— PeterNeumann ", "- PeterNeumann "),
                GO_NOTE.replace("— PeterNeumann ", "— "),
                GO_NOTE.replace("— PeterNeumann ", "— Peter+Neumann "),
                GO_NOTE.replace("— PeterNeumann ", "— Peter\u3000Neumann "),
                GO_NOTE.replace("AM=", "AN="),
                GO_NOTE.replace("AM=", "AM"),
                GO_NOTE.replace("then", "\tthen"),
                GO_NOTE.replace("\n", "\r\n"),
                GO_NOTE + "\n",
                GO_NOTE + "— x AAAA\n",
                GO_NOTE + GO_NOTE.substring(GO_NOTE.indexOf("—")).repeat(64))) {
            assertThrows(Malformed.class, () -> SignedNote.parse(wrong.getBytes(UTF_8)), wrong);
        }
        assertThrows(Malformed.class, () -> SignedNote.parse(new byte[] {(byte) 0xc3, '\n', '\n'}));
    }

    @Test
    void a_malformed_verifier_key_is_refused() {
        for (String wrong : List.of(
                "",
                "PeterNeumann",
                GO_KEY.replace("c74f20a3", "c74f20a4"),
                GO_KEY.replace("c74f20a3", "C74F20A3"),
                GO_KEY.replace("PeterNeumann", "PeterNeuman"),
                GO_KEY.replace("PeterNeumann", ""),
                GO_KEY.replace("+AR", "+CR"),
                GO_KEY + "AA")) {
            assertThrows(Malformed.class, () -> VerifierKey.parse(wrong), wrong);
        }
    }

    @Test
    void a_checkpoint_has_one_form() throws Malformed {
        String root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        Checkpoint checkpoint = Checkpoint.parse("example.com/behind-the-sofa\n20852163\n" + root + "\n");
        assertEquals("example.com/behind-the-sofa", checkpoint.origin());
        assertEquals(20852163, checkpoint.size());
        assertEquals("example.com/behind-the-sofa\n20852163\n" + root + "\n", checkpoint.body());
        assertEquals(0, Checkpoint.parse("o\n0\n" + root + "\nan extension\n").size());
        for (String wrong : List.of(
                "",
                "o\n1\n" + root,
                "o\n01\n" + root + "\n",
                "o\n+1\n" + root + "\n",
                "o\n-1\n" + root + "\n",
                "o\n9223372036854775808\n" + root + "\n",
                "\n1\n" + root + "\n",
                "o\n1\n\n" + root + "\n",
                "o\n1\n" + root + "\n\n",
                "o\n1\nAAAA\n",
                "o\n1\n" + root.replace("2I=", "2J=") + "\n",
                "o".repeat(256) + "\n1\n" + root + "\n")) {
            assertThrows(Malformed.class, () -> Checkpoint.parse(wrong), wrong);
        }
    }

    @Test
    void cosignatures_sign_what_the_specification_says_byte_for_byte() throws Malformed {
        SignedNote note = new SignedNote(
                new Checkpoint("example.com/log", 0x0102030405L, new byte[32]).body() + "an extension\n",
                List.of(new NoteSignature("x", 1, new byte[1])));
        TestKey classic = TestKey.make("witness.example/w1", VerifierKey.Kind.COSIGNATURE_ED25519);
        assertEquals(
                "cosignature/v1\ntime 1679315147\n" + note.text(),
                new String(Cosignature.message(classic.key(), note, 1679315147L), UTF_8));

        TestKey lattice = TestKey.make("witness.example/w1", VerifierKey.Kind.COSIGNATURE_ML_DSA_44);
        ByteBuffer expected = ByteBuffer.allocate(200)
                .put("subtree/v1\n".getBytes(UTF_8))
                .put((byte) 0)
                .put((byte) 18)
                .put("witness.example/w1".getBytes(UTF_8))
                .putLong(1679315147L)
                .put((byte) 15)
                .put("example.com/log".getBytes(UTF_8))
                .putLong(0)
                .putLong(0x0102030405L)
                .put(new byte[32]);
        assertArrayEquals(
                java.util.Arrays.copyOf(expected.array(), expected.position()),
                Cosignature.message(lattice.key(), note, 1679315147L));
    }

    @Test
    void a_cosignature_holds_for_its_key_note_and_time_only() throws Malformed {
        for (VerifierKey.Kind kind :
                List.of(VerifierKey.Kind.COSIGNATURE_ED25519, VerifierKey.Kind.COSIGNATURE_ML_DSA_44)) {
            TestKey witness = TestKey.make("witness.example/w1", kind);
            TestKey other = TestKey.make("witness.example/w1", kind);
            SignedNote note = new SignedNote(
                    new Checkpoint("example.com/log", 7, new byte[32]).body(),
                    List.of(new NoteSignature("x", 1, new byte[1])));
            NoteSignature line = Cosignature.sign(witness.key(), note, 1679315147L, witness::sign);

            assertEquals(VerifierKey.parse(witness.key().format()), witness.key());
            assertEquals(kind == VerifierKey.Kind.COSIGNATURE_ED25519 ? 72 : 8 + 2420, line.signature().length);
            assertEquals(OptionalLong.of(1679315147L), Cosignature.verifiedTime(witness.key(), note, line));
            assertTrue(Cosignature.verifiedTime(other.key(), note, line).isEmpty());
            assertTrue(Cosignature.verifiedTime(other.key(), note, other.key().line(line.signature()))
                    .isEmpty());
            SignedNote grown =
                    new SignedNote(new Checkpoint("example.com/log", 8, new byte[32]).body(), note.signatures());
            assertTrue(Cosignature.verifiedTime(witness.key(), grown, line).isEmpty());
            for (int i : new int[] {0, 7, 8, 40, line.signature().length - 1}) {
                byte[] bent = line.signature().clone();
                bent[i] ^= 1;
                assertTrue(
                        Cosignature.verifiedTime(
                                        witness.key(), note, witness.key().line(bent))
                                .isEmpty(),
                        kind + " byte " + i);
            }
        }
    }
}
