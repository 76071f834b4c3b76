package city.madang.tlog.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.tlog.TestKey;
import city.madang.tlog.note.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorTest {

    private static final TestKey KEY = TestKey.make("example.com/log", VerifierKey.Kind.ED25519);
    private static final TestKey WITNESS = TestKey.make("witness.example/w", VerifierKey.Kind.COSIGNATURE_ML_DSA_44);

    @TempDir
    Path folder;

    private ServedLog log;
    private String said = "";

    @BeforeEach
    void serve() throws Exception {
        log = new ServedLog();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private int mirror(String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        if (arguments.getFirst().startsWith("--")) {
            arguments.addFirst(log.url());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, UTF_8);
        int status = Main.run(arguments, stream, stream);
        said = out.toString(UTF_8);
        return status;
    }

    private void assertVerified(String... options) {
        assertEquals(Main.VERIFIED, mirror(options), said);
        assertTrue(said.contains("VERIFIED"), said);
    }

    private void assertFalse(String why, String... options) {
        assertEquals(Main.DOES_NOT_HOLD, mirror(options), said);
        assertTrue(said.contains(why), said);
    }

    @Test
    void logs_of_all_shapes_are_verified_whole() throws Exception {
        for (int size : new int[] {0, 1, 255, 256, 257, 600, 65_536}) {
            log.show(KEY, ServedLog.entries("entry ", 0, size));
            assertVerified("--vkey", KEY.key().format());
            assertTrue(said.contains("size " + size + ","), said);
        }
    }

    @Test
    void a_copy_is_kept_that_can_itself_be_mirrored_and_the_log_must_go_on_from_it() throws Exception {
        Path copy = folder.resolve("copy");
        log.show(KEY, ServedLog.entries("entry ", 0, 300));
        assertVerified("--out", copy.toString());
        assertTrue(said.contains("ON THE LOG'S OWN WORD"), said);
        assertTrue(said.contains("none to compare with"), said);
        for (Map.Entry<String, byte[]> resource : log.resources.entrySet()) {
            assertArrayEquals(resource.getValue(), Files.readAllBytes(copy.resolve(resource.getKey())));
        }
        assertEquals(Main.VERIFIED, mirror(copy.toString(), "--vkey", KEY.key().format()), said);

        log.show(KEY, ServedLog.entries("entry ", 0, 1_000));
        assertVerified("--out", copy.toString());
        assertTrue(said.contains("size 300: the log goes on from it"), said);
        assertTrue(said.contains("as it was in the first run"), said);

        // set back
        log.show(KEY, ServedLog.entries("entry ", 0, 999));
        assertFalse("went back", "--out", copy.toString());
        // written anew, well-formed in itself: from the start, in the middle of a bundle, at its last old entry
        for (int from : new int[] {0, 300, 999}) {
            List<byte[]> anew = new ArrayList<>(ServedLog.entries("entry ", 0, from));
            anew.addAll(ServedLog.entries("another ", from, 1_200));
            log.show(KEY, anew);
            assertVerified("--vkey", KEY.key().format());
            assertFalse("was rewritten", "--out", copy.toString());
        }
        // another key under the same name
        log.show(TestKey.make("example.com/log", VerifierKey.Kind.ED25519), ServedLog.entries("entry ", 0, 1_000));
        assertFalse("no valid signature", "--out", copy.toString());
        // what was refused has replaced nothing
        log.show(KEY, ServedLog.entries("entry ", 0, 1_001));
        assertVerified("--out", copy.toString());
        assertTrue(said.contains("size 1000: the log goes on from it"), said);
    }

    @Test
    void one_byte_changed_anywhere_is_found() throws Exception {
        log.show(KEY, ServedLog.entries("entry ", 0, 600));
        List<String> paths = List.of(
                "tile/0/000",
                "tile/0/002.p/88",
                "tile/1/000.p/2",
                "tile/entries/000",
                "tile/entries/002.p/88",
                "checkpoint");
        for (String path : paths) {
            bend(path);
        }
        for (String path : paths.subList(0, paths.size() - 1)) {
            byte[] good = log.resources.remove(path);
            assertFalse("does not have it", "--vkey", KEY.key().format());
            log.resources.put(path, java.util.Arrays.copyOf(good, good.length - 1));
            assertEquals(Main.DOES_NOT_HOLD, mirror("--vkey", KEY.key().format()), path + said);
            log.resources.put(path, good);
        }
        assertVerified("--vkey", KEY.key().format());
        // and above, in a log that reaches the third level of tiles
        log.show(KEY, ServedLog.entries("entry ", 0, 65_600));
        bend("tile/1/000");
        bend("tile/2/000.p/1");
    }

    private void bend(String path) {
        byte[] good = log.resources.get(path);
        byte[] bent = good.clone();
        bent[bent.length / 2] ^= 1;
        log.resources.put(path, bent);
        assertEquals(Main.DOES_NOT_HOLD, mirror("--vkey", KEY.key().format()), path + said);
        assertTrue(!said.contains("VERIFIED"), path + said);
        log.resources.put(path, good);
    }

    @Test
    void partial_tiles_may_have_been_collected_when_full_ones_are_there() throws Exception {
        log.show(KEY, ServedLog.entries("entry ", 0, 300));
        byte[] head = log.resources.get("checkpoint");
        log.show(KEY, ServedLog.entries("entry ", 0, 65_600));
        log.resources.put("checkpoint", head);
        log.resources.put("tile/1/000.p/1", java.util.Arrays.copyOf(log.resources.get("tile/1/000"), 32));
        assertVerified("--vkey", KEY.key().format());
    }

    @Test
    void cosignatures_are_checked_under_the_policy() throws Exception {
        Path policy = Files.writeString(
                folder.resolve("policy"), "log " + KEY.key() + "\nwitness w " + WITNESS.key() + "\nquorum w\n");
        log.show(KEY, ServedLog.entries("entry ", 0, 7), WITNESS);
        assertVerified("--policy", policy.toString());
        assertTrue(said.contains("w at 2027-01-15T08:00:00Z"), said);
        log.show(KEY, ServedLog.entries("entry ", 0, 7));
        assertFalse("too few witnesses", "--policy", policy.toString());
        log.show(
                KEY,
                ServedLog.entries("entry ", 0, 7),
                TestKey.make("witness.example/w", VerifierKey.Kind.COSIGNATURE_ML_DSA_44));
        assertFalse("too few witnesses", "--policy", policy.toString());
    }

    @Test
    void what_cannot_be_read_says_nothing_of_the_log_and_mistakes_are_explained() throws Exception {
        assertEquals(Main.UNREADABLE, mirror("--vkey", KEY.key().format()), said);
        assertEquals(
                Main.UNREADABLE,
                mirror("http://127.0.0.1:1/log", "--vkey", KEY.key().format()),
                said);
        assertEquals(Main.USAGE, Main.run(List.of(), System.out, System.out));
        assertEquals(Main.USAGE, Main.run(List.of("a", "b"), System.out, System.out));
        assertEquals(Main.USAGE, Main.run(List.of("a", "--out"), System.out, System.out));
        assertEquals(Main.USAGE, mirror("--vkey", "nonsense"), said);
        assertEquals(Main.VERIFIED, Main.run(List.of("--help"), System.out, System.out));
    }
}
