package city.madang.journey;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * What is personal in the tests of this module: made up anew in each run, so that what is found somewhere was put there by this run, and
 * remembered, so that it can be searched for.
 */
final class Personal {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SYLLABLES = 0xd7a3 - 0xac00 + 1;

    /** Beside what is made up: the names and birth dates that the development realm has of its citizens, and those of the main journey. */
    private static final List<String> FIXED =
            List.of("민지", "1990-03-14", "준호", "1985-11-02", "1994-05-17", "월드컵북로 400", "마포구", "123가");

    private static final Set<String> MADE = new ConcurrentSkipListSet<>(FIXED);

    private Personal() {}

    /** All that was ever given to a city in this run. */
    static List<String> all() {
        return List.copyOf(MADE);
    }

    static String name() {
        StringBuilder name = new StringBuilder();
        RANDOM.ints(4, 0, SYLLABLES).forEach(syllable -> name.append((char) (0xac00 + syllable)));
        return remembered(name.toString());
    }

    static String birthdate() {
        return remembered(
                "19%02d-%02d-%02d".formatted(30 + RANDOM.nextInt(70), 1 + RANDOM.nextInt(12), 1 + RANDOM.nextInt(28)));
    }

    /** Of a licence, an identity document and the like. */
    static String documentNumber() {
        return remembered("M%09d".formatted(RANDOM.nextInt(1_000_000_000)));
    }

    static String remembered(String value) {
        MADE.add(value);
        return value;
    }

    /** Claims of a driving licence. */
    static ObjectNode licence() {
        return JSON.createObjectNode()
                .put("family_name", name())
                .put("given_name", name())
                .put("birthdate", birthdate())
                .put("document_number", documentNumber())
                .put("category", "B");
    }
}
