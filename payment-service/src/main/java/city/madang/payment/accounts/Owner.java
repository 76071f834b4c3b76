package city.madang.payment.accounts;

/**
 * Whose an account is: a citizen by the token's {@code sub}, or an agency by its id.
 *
 * @param kind which of the two
 * @param name the citizen's {@code sub} or the agency's id
 */
public record Owner(Kind kind, String name) {

    /** Who can own an account; text in the database. */
    public enum Kind {
        CITIZEN("citizen"),
        AGENCY("agency");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public static Owner citizen(String subject) {
        return new Owner(Kind.CITIZEN, subject);
    }

    public static Owner agency(String agency) {
        return new Owner(Kind.AGENCY, agency);
    }
}
