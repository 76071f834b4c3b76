package city.madang.identity.status;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IndexPermutationTest {

    private static byte[] key() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return key;
    }

    @Test
    void every_index_is_given_exactly_once_whatever_the_size() {
        for (int size : new int[] {2, 3, 5, 8, 100, 1000, 1023, 1024, 1025, 65_537, 1 << 18}) {
            IndexPermutation permutation = new IndexPermutation(key(), size);
            BitSet seen = new BitSet(size);
            for (int counter = 0; counter < size; counter++) {
                int index = permutation.index(counter);
                assertTrue(index >= 0 && index < size, size + " gave " + index);
                assertFalse(seen.get(index), size + " gave " + index + " twice");
                seen.set(index);
            }
            assertEquals(size, seen.cardinality());
        }
    }

    @Test
    void nothing_beyond_the_list_is_given() {
        IndexPermutation permutation = new IndexPermutation(key(), 1000);
        assertThrows(IllegalArgumentException.class, () -> permutation.index(1000));
        assertThrows(IllegalArgumentException.class, () -> permutation.index(-1));
    }

    @Test
    void the_order_depends_on_the_key_alone() {
        byte[] key = key();
        int[] one = first(key);
        assertArrayEquals(one, first(key.clone()), "every process that has the key gives the same order");
        int[] other = first(key());
        long same =
                IntStream.range(0, one.length).filter(i -> one[i] == other[i]).count();
        assertTrue(same < 5, "another key gave the same index " + same + " times of " + one.length);
    }

    private static int[] first(byte[] key) {
        IndexPermutation permutation = new IndexPermutation(key, 1 << 20);
        return IntStream.range(0, 2000).map(permutation::index).toArray();
    }

    /** Neighbours in time must look like any two: so a batch, or a busy hour, is not seen in the indexes. */
    @Test
    void indexes_given_one_after_the_other_are_scattered_over_the_whole_list() {
        int size = 1 << 20;
        int many = 20_000;
        IndexPermutation permutation = new IndexPermutation(key(), size);
        int[] sixteenths = new int[16];
        int ascending = 0;
        int near = 0;
        int[] ones = new int[20];
        int before = permutation.index(0);
        for (int counter = 1; counter <= many; counter++) {
            int index = permutation.index(counter);
            sixteenths[index / (size / 16)]++;
            ascending += index > before ? 1 : 0;
            near += Math.abs(index - before) < size / 100 ? 1 : 0;
            for (int bit = 0; bit < 20; bit++) {
                ones[bit] += ((index ^ before) >>> bit) & 1;
            }
            before = index;
        }
        // each bound is more than six standard deviations away from what chance gives
        for (int count : sixteenths) {
            assertTrue(Math.abs(count - many / 16) < 220, "a sixteenth of the list got " + count + " of " + many);
        }
        assertTrue(Math.abs(ascending - many / 2) < 450, ascending + " of " + many + " ascend");
        assertTrue(near < 2 * many / 100 + 130, near + " of " + many + " lie within a hundredth of the list");
        for (int count : ones) {
            assertTrue(Math.abs(count - many / 2) < 450, "a bit changed " + count + " times of " + many);
        }
    }
}
