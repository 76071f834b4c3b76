package city.madang.identity.types;

import java.util.List;

/**
 * A claim that a credential of a type may hold (OpenID4VCI 1.0 appendix B.2).
 *
 * @param path member names from the outside in; in an mdoc the name space and the element
 * @param display in each language once
 * @param mandatory whether every credential of the type holds it
 */
public record Claim(List<String> path, List<Label> display, boolean mandatory) {

    /** @param locale BCP 47 tag */
    public record Label(String name, String locale) {}

    public Claim {
        path = List.copyOf(path);
        display = List.copyOf(display);
    }

    /** The last part of the path. */
    public String name() {
        return path.getLast();
    }
}
