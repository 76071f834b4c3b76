package city.madang.identity.status;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusArrayTest {

    private static final int MOST = 16 << 20;

    /**
     * {@code draft-vectors}: appendix C of draft-ietf-oauth-status-list-16. {@code sd-jwt-status-list-0.19.0}: made with npm
     * {@code @sd-jwt/jwt-status-list} of that version. {@code set} holds every entry that is not 0.
     */
    @ParameterizedTest
    @ValueSource(strings = {"draft-vectors", "sd-jwt-status-list-0.19.0"})
    void reads_and_writes_the_lists_of_the_draft_and_of_another_implementation(String file) throws Exception {
        try (InputStream json = StatusArrayTest.class.getResourceAsStream("/status/" + file + ".json")) {
            int vectors = 0;
            for (JsonNode vector : new ObjectMapper().readTree(json)) {
                int bits = vector.get("bits").asInt();
                int size = vector.get("size").asInt();
                byte[] compressed = Base64Url.decode(vector.get("lst").asText());
                StatusArray read = StatusArray.inflate(bits, compressed, MOST);
                assertEquals(size, read.size());
                StatusArray written = StatusArray.of(bits, size);
                for (int i = 0; i < size; i++) {
                    JsonNode set = vector.get("set").get(Integer.toString(i));
                    int expected = set == null ? 0 : set.asInt();
                    assertEquals(expected, read.get(i), bits + " bits, entry " + i);
                    written.set(i, expected);
                }
                assertArrayEquals(inflated(compressed), inflated(written.deflate()), bits + " bits");
                vectors++;
            }
            assertTrue(vectors >= 4);
        }
    }

    private static byte[] inflated(byte[] compressed) throws Exception {
        try (InputStream in = new java.util.zip.InflaterInputStream(new java.io.ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }

    @Test
    void the_examples_of_section_4_are_byte_for_byte_the_same() throws Exception {
        StatusArray one = StatusArray.of(1, 16);
        for (int i : new int[] {0, 3, 4, 5, 7, 8, 9, 13, 15}) {
            one.set(i, 1);
        }
        assertEquals("eNrbuRgAAhcBXQ", Base64Url.encode(one.deflate()));
        StatusArray two = StatusArray.of(2, 12);
        int[] values = {1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3};
        for (int i = 0; i < values.length; i++) {
            two.set(i, values[i]);
        }
        assertEquals("eNo76fITAAPfAgc", Base64Url.encode(two.deflate()));
    }

    @Test
    void no_entry_outside_the_list_is_read_or_written() {
        for (int bits : new int[] {1, 2, 4, 8}) {
            StatusArray list = StatusArray.of(bits, 1024);
            for (long index : new long[] {-1, 1024, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE}) {
                assertThrows(Malformed.class, () -> list.get(index), bits + " bits at " + index);
            }
            assertThrows(IllegalArgumentException.class, () -> list.set(1024, 0));
            assertThrows(IllegalArgumentException.class, () -> list.set(-1, 0));
            assertThrows(IllegalArgumentException.class, () -> list.set(0, 1 << bits));
            assertThrows(IllegalArgumentException.class, () -> list.set(0, -1));
        }
    }

    @Test
    void changing_one_entry_leaves_its_neighbours_alone() throws Malformed {
        for (int bits : new int[] {1, 2, 4, 8}) {
            int highest = (1 << bits) - 1;
            StatusArray list = StatusArray.of(bits, 64);
            for (int i = 0; i < 64; i++) {
                list.set(i, highest);
            }
            for (int i = 0; i < 64; i++) {
                list.set(i, 0);
                for (int other = 0; other < 64; other++) {
                    assertEquals(other == i ? 0 : highest, list.get(other));
                }
                list.set(i, highest);
            }
        }
    }

    @Test
    void a_compression_bomb_costs_no_more_than_the_limit() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bomb, new Deflater(9))) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 256; i++) {
                out.write(zeros);
            }
        }
        long before = allocated();
        assertThrows(Malformed.class, () -> StatusArray.inflate(1, bomb.toByteArray(), 1 << 20));
        assertTrue(allocated() - before < 32 << 20, "allocated " + (allocated() - before));
        assertEquals(
                256 << 20, StatusArray.inflate(8, bomb.toByteArray(), 256 << 20).size());
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void what_is_no_whole_zlib_stream_is_refused() {
        byte[] good = StatusArray.of(1, 100_000).deflate();
        assertThrows(Malformed.class, () -> StatusArray.inflate(1, new byte[0], MOST));
        assertThrows(Malformed.class, () -> StatusArray.inflate(1, Arrays.copyOf(good, good.length - 1), MOST));
        assertThrows(Malformed.class, () -> StatusArray.inflate(1, Arrays.copyOf(good, good.length + 1), MOST));
        byte[] damaged = good.clone();
        damaged[good.length - 1] ^= 1;
        assertThrows(Malformed.class, () -> StatusArray.inflate(1, damaged, MOST));
        // raw DEFLATE and gzip are not ZLIB
        assertThrows(Malformed.class, () -> StatusArray.inflate(1, Arrays.copyOfRange(good, 2, good.length), MOST));
        assertThrows(Malformed.class, () -> StatusArray.inflate(1, new byte[] {0x1f, (byte) 0x8b, 8, 0}, MOST));
        for (long bits : new long[] {0, 3, 5, 16, -1, (1L << 32) + 1}) {
            assertThrows(Malformed.class, () -> StatusArray.inflate(bits, good, MOST));
        }
    }

    @Test
    void a_million_entries_of_which_one_in_a_hundred_is_revoked_stay_small() {
        int size = 1 << 20;
        for (int bits : new int[] {1, 2, 8}) {
            StatusArray list = StatusArray.of(bits, size);
            Random random = new Random(bits);
            for (int i = 0; i < size / 100; i++) {
                list.set(random.nextInt(size), 1);
            }
            long start = System.nanoTime();
            int compressed = list.deflate().length;
            long millis = (System.nanoTime() - start) / 1_000_000;
            System.out.printf(
                    "1,048,576 entries of %d bits, 1%% revoked: %,d bytes (%,d in a JWT), compressed in %d ms%n",
                    bits, compressed, compressed * 4 / 3, millis);
            assertTrue(compressed < 24_000, bits + " bits take " + compressed + " bytes");
        }
    }
}
