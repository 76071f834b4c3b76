package city.madang.verifier;

/**
 * What came of one check.
 *
 * @param check stable name: {@code signed}, {@code intact}, {@code trusted}, {@code listed}, {@code timestamped}, {@code logged}, {@code cosigned},
 *     {@code anchored}, {@code standing}, {@code in_force}; of a payment receipt {@code statement}, {@code payer}, {@code batch}, {@code chain}
 * @param says what is proven, or what is not, in a sentence
 */
public record Finding(String check, Status status, Text says) {

    /** How far a check came. */
    public enum Status {
        /** It holds. */
        PROVEN,
        /** Nothing at hand shows it, and nothing speaks against it. */
        NOT_SHOWN,
        /** It does not hold. */
        REFUTED
    }

    static Finding proven(String check, String ko, String en) {
        return new Finding(check, Status.PROVEN, new Text(ko, en));
    }

    static Finding notShown(String check, String ko, String en) {
        return new Finding(check, Status.NOT_SHOWN, new Text(ko, en));
    }

    static Finding refuted(String check, String ko, String en) {
        return new Finding(check, Status.REFUTED, new Text(ko, en));
    }
}
