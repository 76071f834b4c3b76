package city.madang.records.pages;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.Locale;

/** The languages of the city's pages. */
public enum Language {
    KO("ko"),
    EN("en");

    private final String tag;

    Language(String tag) {
        this.tag = tag;
    }

    /** What was chosen on the page ({@code ko}, {@code en}); else Korean unless English is asked for first. */
    public static Language of(String chosen, HttpHeaders headers) {
        return switch (chosen) {
            case "ko" -> KO;
            case "en" -> EN;
            default ->
                headers.getAcceptableLanguages().stream()
                        .map(Locale::getLanguage)
                        .filter(language -> language.equals(KO.tag) || language.equals(EN.tag))
                        .findFirst()
                        .map(language -> language.equals(KO.tag) ? KO : EN)
                        .orElse(KO);
        };
    }

    /** BCP 47. */
    public String tag() {
        return tag;
    }

    public String say(String ko, String en) {
        return this == KO ? ko : en;
    }
}
