package city.madang.identity.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.identity.jose.Malformed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 8949: its examples (appendix A), and what must not be read. */
class CborTest {

    private static Object read(String hex) throws Malformed {
        return CborReader.read(HexFormat.of().parseHex(hex));
    }

    private static String written(Object value) {
        return HexFormat.of().formatHex(new CborWriter(0).value(value).toBytes());
    }

    private static void same(Object value, String hex) throws Malformed {
        assertEquals(hex, written(value));
        assertEquals(value, read(hex));
    }

    private static void refused(String hex, String because) {
        assertEquals(
                because, assertThrows(Malformed.class, () -> read(hex), hex).getMessage());
    }

    @Test
    void the_standards_examples_are_written_and_read() throws Malformed {
        same(0L, "00");
        same(23L, "17");
        same(24L, "1818");
        same(255L, "18ff");
        same(256L, "190100");
        same(1000000L, "1a000f4240");
        same(4294967295L, "1affffffff");
        same(1000000000000L, "1b000000e8d4a51000");
        same(Long.MAX_VALUE, "1b7fffffffffffffff");
        same(Long.MIN_VALUE, "3b7fffffffffffffff");
        same(-1L, "20");
        same(-1000L, "3903e7");
        same(0.0, "f90000");
        same(-0.0, "f98000");
        same(1.5, "f93e00");
        same(65504.0, "f97bff");
        same(100000.0, "fa47c35000");
        same(3.4028234663852886e+38, "fa7f7fffff");
        same(1.1, "fb3ff199999999999a");
        same(5.960464477539063e-8, "f90001");
        same(false, "f4");
        same(true, "f5");
        same(null, "f6");
        same("", "60");
        same("ü", "62c3bc");
        same("水", "63e6b0b4");
        same("𐅑", "64f0908591");
        same(List.of(1L, List.of(2L, 3L), List.of(4L, 5L)), "8301820203820405");
        same(Map.of(), "a0");
        same(Map.of(1L, 2L, 3L, 4L), "a201020304");
        assertArrayEquals(new byte[] {1, 2, 3, 4}, (byte[]) read("4401020304"));
        assertEquals("c074323031332d30332d32315432303a30343a30305a", written(Instant.parse("2013-03-21T20:04:00.9Z")));
        assertEquals("d903ec6a323032362d31312d3234", written(LocalDate.parse("2026-11-24")));
    }

    @Test
    void whatever_json_numbers_become_is_written() {
        assertEquals("05", written(5));
        assertEquals("05", written(BigInteger.valueOf(5)));
        assertEquals("f93e00", written(new BigDecimal("1.5")));
        assertThrows(IllegalArgumentException.class, () -> written(BigInteger.ONE.shiftLeft(64)));
        assertThrows(IllegalArgumentException.class, () -> written(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> written(new BigDecimal("1e999")));
        assertThrows(IllegalArgumentException.class, () -> written(new Object()));
    }

    @Test
    void equal_maps_are_written_equally() {
        Map<Object, Object> one = new LinkedHashMap<>();
        one.put("bb", 1);
        one.put("a", 2);
        one.put(10, 3);
        one.put(-1, 4);
        assertEquals("a40a03200461610262626201", written(one));
    }

    @Test
    void a_tag_keeps_the_bytes_it_was_read_from() throws Malformed {
        Tagged tagged = (Tagged) ((List<?>) read("8201d81859000100")).get(1);
        assertArrayEquals(HexFormat.of().parseHex("d81859000100"), tagged.encoded());
        assertEquals(24, tagged.number());
    }

    @Test
    void what_is_ambiguous_is_refused() {
        refused("a2616101616102", "a CBOR map repeats a key");
        refused("a20102180102", "a CBOR map repeats a key");
        refused("a1800102", "a CBOR map's keys must be text, integers or byte strings");
        refused("a1f602", "a CBOR map's keys must be text, integers or byte strings");
        refused("a2410102410103", "a CBOR map repeats a key");
        refused("0000", "bytes follow the CBOR item");
        refused("61ff", "CBOR text is not UTF-8");
        refused("63eda080", "CBOR text is not UTF-8");
        refused("62c080", "CBOR text is not UTF-8");
    }

    @Test
    void what_is_of_indefinite_length_or_reserved_is_refused() {
        for (String hex : List.of("5f4100ff", "7f6100ff", "9f00ff", "bf0000ff")) {
            refused(hex, "CBOR of indefinite length is not taken");
        }
        for (String hex : List.of("1c", "1d", "1e", "3c", "5c", "9d", "bd", "dc")) {
            refused(hex, "a CBOR head is malformed");
        }
        for (String hex : List.of("ff", "f7", "e0", "f820", "f800", "fc")) {
            refused(hex, "a CBOR simple value is not understood");
        }
    }

    @Test
    void numbers_that_java_or_json_cannot_hold_are_refused() {
        refused("1bffffffffffffffff", "a CBOR integer is too large");
        refused("3b8000000000000000", "a CBOR integer is too large");
        for (String hex : List.of("f97c00", "f97e00", "f9fc00", "fa7f800000", "fb7ff8000000000000")) {
            refused(hex, "a CBOR number is not finite");
        }
    }

    @Test
    void a_declared_length_allocates_nothing() {
        for (String hex : List.of(
                "5b7fffffffffffffff",
                "5a7fffffff",
                "7b7fffffffffffffff",
                "9b7fffffffffffffff",
                "9a7fffffff00",
                "bb7fffffffffffffff",
                "ba7fffffff0000",
                "42ff",
                "8200",
                "a100")) {
            refused(hex, "CBOR ends too early");
        }
    }

    @Test
    void depth_and_number_of_items_are_bounded() throws Malformed {
        read("81".repeat(CborReader.DEEPEST - 1) + "00");
        refused("81".repeat(CborReader.DEEPEST) + "00", "CBOR is nested too deeply");
        refused("c1".repeat(CborReader.DEEPEST) + "00", "CBOR is nested too deeply");
        refused("a100".repeat(CborReader.DEEPEST) + "00", "CBOR is nested too deeply");
        refused("998000" + "00".repeat(0x8000), "CBOR has too many items");
    }

    @Test
    void noise_is_read_or_refused_and_nothing_else() {
        Random random = new Random(18013);
        for (int i = 0; i < 200_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            try {
                CborReader.read(noise);
            } catch (Malformed refused) {
                // the only way not to be read
            }
        }
    }

    @Test
    void what_was_written_is_read_again() throws Malformed {
        Random random = new Random(8949);
        for (int i = 0; i < 2_000; i++) {
            Object value = any(random, 4);
            byte[] cbor = new CborWriter(0).value(value).toBytes();
            assertEquals(value, CborReader.read(cbor));
            for (int length = 0; length < cbor.length; length += 1 + length / 8) {
                byte[] cut = Arrays.copyOf(cbor, length);
                assertThrows(Malformed.class, () -> CborReader.read(cut));
            }
        }
    }

    private static Object any(Random random, int deeper) {
        return switch (random.nextInt(deeper == 0 ? 4 : 6)) {
            case 0 -> random.nextLong() >> random.nextInt(64);
            case 1 -> random.nextBoolean();
            case 2 ->
                random.ints(random.nextInt(30), 1, 0xd7ff)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            case 3 -> random.nextGaussian();
            case 4 -> {
                List<Object> list = new java.util.ArrayList<>();
                for (int i = random.nextInt(30); i > 0; i--) {
                    list.add(any(random, deeper - 1));
                }
                yield list;
            }
            default -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(30); i > 0; i--) {
                    map.put(
                            random.nextBoolean() ? random.nextLong(99) : "k" + random.nextInt(99),
                            any(random, deeper - 1));
                }
                yield map;
            }
        };
    }
}
