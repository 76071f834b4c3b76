package city.madang.identity.agencies;

import city.madang.identity.language.LocalText;

/** A registered agency. */
public record Agency(String id, LocalText name) {

    /** Pattern of agency, service and credential type ids. */
    public static final String SLUG = "[a-z][a-z0-9-]{1,30}";
}
