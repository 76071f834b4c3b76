package city.madang.identity.types;

import city.madang.identity.language.LocalText;
import java.util.List;

/**
 * What may be issued.
 *
 * @param id also the {@code credential_configuration_id}
 * @param agency its owner, the only one that may issue it
 * @param vctName the last part of its {@code vct}
 * @param validityDays how long a credential of this type is valid
 */
public record CredentialType(
        String id, String agency, String vctName, LocalText display, List<Claim> claims, int validityDays) {

    /** A claim that a credential of the type may hold; each is selectively disclosable. */
    public record Claim(String name, LocalText label) {}

    /** Claims of a type that an agency declares; a service's record number may come on top. */
    static final int MOST_CLAIMS = 50;

    static final int LONGEST_VALIDITY_DAYS = 3650;

    /** Whether it keeps to the limits, for a type that no framework has validated: all wallets read what it says. */
    boolean isValid() {
        return display.fits()
                && claims.size() <= MOST_CLAIMS + 1
                && claims.stream().allMatch(claim -> claim.label().fits())
                && claims.stream().map(Claim::name).distinct().count() == claims.size()
                && validityDays >= 1
                && validityDays <= LONGEST_VALIDITY_DAYS;
    }

    public boolean declares(String claim) {
        return claims.stream().anyMatch(declared -> declared.name().equals(claim));
    }
}
