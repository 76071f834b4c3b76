package city.madang.verifier;

/** A sentence in both languages. */
public record Text(String ko, String en) {

    public String in(String language) {
        return language.equals("ko") ? ko : en;
    }
}
