package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The images' build files: no root, no registry of ours, and an AOT cache that fits the process that will use it. */
class ImagesTest {

    @Test
    void the_aot_cache_is_made_with_the_options_with_which_it_is_used() {
        String text = Charts.read(Charts.HERE.resolve("images/Dockerfile.jvm"));
        Matcher training = Pattern.compile(
                        "(?s)RUN java (-XX:AOTCacheOutput=app.aot .*?)-Dquarkus.appcds.generate=true (-jar \\S+);")
                .matcher(text);
        Matcher entry = Pattern.compile("ENTRYPOINT \\[\"java\", (.*)]").matcher(text);
        assertTrue(training.find() && entry.find());
        List<String> made = words(training.group(1) + training.group(2));
        List<String> used = words(entry.group(1).replaceAll("[\",]", " "));
        assertEquals("-XX:AOTCache=app.aot", used.removeFirst());
        assertEquals("-XX:AOTCacheOutput=app.aot", made.removeFirst());
        assertEquals(made, used);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native", "build-with-jib"})
    void an_image_runs_as_the_charts_user_and_names_no_registry(String file) {
        String text = Charts.read(Charts.HERE.resolve("images/" + file));
        String user =
                Charts.read(Charts.HERE.resolve("chart/values.yaml")).contains("runAsUser: 10001") ? "10001:10001" : "";
        assertTrue(text.contains(user) && !user.isEmpty(), "user");
        assertFalse(text.contains(":latest"));
        // a host name in an image's name has a dot before its first slash
        assertFalse(Pattern.compile("(FROM|BASE=|BUILDER=)\\s*[a-z0-9-]+\\.[a-z.]+/")
                .matcher(text)
                .find());
    }

    private static List<String> words(String text) {
        return new ArrayList<>(Pattern.compile("[\\s\\\\]+")
                .splitAsStream(text.strip())
                .filter(word -> !word.isEmpty())
                .toList());
    }
}
