package city.madang.records.documents.cipher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SegmentsTest {

    private static final int SEGMENT = 65_536 + 16;
    private static final UUID ID = UUID.fromString("6f2b1c3d-0000-4000-8000-000000000001");

    private final SecretKeySpec key = new SecretKeySpec(random(32, 1), "AES");

    private static byte[] random(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private byte[] encrypt(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SegmentWriter writer = new SegmentWriter(out, key, ID, new SecureRandom())) {
            for (int at = 0; at < plain.length; at += 10_007) {
                writer.write(plain, at, Math.min(10_007, plain.length - at));
            }
        }
        return out.toByteArray();
    }

    private byte[] decrypt(byte[] sealed, UUID id) throws IOException {
        try (SegmentReader reader = new SegmentReader(new ByteArrayInputStream(sealed), key, id)) {
            return reader.readAllBytes();
        }
    }

    @Test
    void what_was_written_is_read_at_every_length_around_a_segment() throws IOException {
        for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 131_072, 200_000}) {
            byte[] plain = random(length, length);
            assertArrayEquals(plain, decrypt(encrypt(plain), ID), length + " bytes");
        }
    }

    @Test
    void nothing_altered_is_released_and_what_stands_before_it_is() throws IOException {
        byte[] plain = random(200_000, 5);
        byte[] sealed = encrypt(plain);
        sealed[16 + SEGMENT + 100] ^= 1;
        SegmentReader reader = new SegmentReader(new ByteArrayInputStream(sealed), key, ID);
        assertArrayEquals(Arrays.copyOf(plain, 65_536), reader.readNBytes(65_536));
        assertThrows(SegmentReader.Altered.class, reader::read);
        assertThrows(SegmentReader.Altered.class, () -> decrypt(sealed, ID));
    }

    @Test
    void a_document_cannot_be_cut_prolonged_rearranged_or_given_to_another_record() throws IOException {
        byte[] sealed = encrypt(random(200_000, 6));
        int end = sealed.length;
        byte[][] forged = {
            Arrays.copyOf(sealed, end - 1),
            Arrays.copyOf(sealed, 16 + 2 * SEGMENT),
            Arrays.copyOf(sealed, 16 + SEGMENT),
            Arrays.copyOf(sealed, 16),
            Arrays.copyOf(sealed, 7),
            new byte[0],
            Arrays.copyOf(sealed, end + 1),
            joined(sealed, 0, 16 + SEGMENT, 16 + 2 * SEGMENT, end),
            joined(sealed, 0, 16, 16 + SEGMENT, end),
            joined(sealed, 0, end, 16, 16 + SEGMENT),
        };
        for (byte[] each : forged) {
            assertThrows(SegmentReader.Altered.class, () -> decrypt(each, ID), each.length + " bytes");
        }
        assertThrows(SegmentReader.Altered.class, () -> decrypt(sealed, UUID.randomUUID()));
        for (int bit = 0; bit < 16 * 8; bit++) {
            byte[] header = sealed.clone();
            header[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(SegmentReader.Altered.class, () -> decrypt(header, ID));
        }
    }

    private static byte[] joined(byte[] bytes, int from, int to, int from2, int to2) {
        byte[] joined = Arrays.copyOf(Arrays.copyOfRange(bytes, from, to), to - from + to2 - from2);
        System.arraycopy(bytes, from2, joined, to - from, to2 - from2);
        return joined;
    }

    /** The form as docs/records.md gives it, with the JDK alone. */
    @Test
    void the_form_is_the_documented_one() throws Exception {
        byte[] plain = random(70_000, 7);
        byte[] sealed = encrypt(plain);
        assertEquals(16 + SEGMENT + 70_000 - 65_536 + 16, sealed.length);
        assertTrue(new String(sealed, 0, 6, java.nio.charset.StandardCharsets.US_ASCII).equals("madang"));
        byte[] nonce = Arrays.copyOf(Arrays.copyOfRange(sealed, 9, 16), 12);
        nonce[10] = 1; // the second segment
        nonce[11] = 1; // is the last
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(Arrays.copyOf(sealed, 16));
        cipher.updateAAD(ID.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertArrayEquals(
                Arrays.copyOfRange(plain, 65_536, 70_000),
                cipher.doFinal(sealed, 16 + SEGMENT, sealed.length - 16 - SEGMENT));
    }
}
