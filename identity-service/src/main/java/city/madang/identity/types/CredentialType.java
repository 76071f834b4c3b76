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

    public boolean declares(String claim) {
        return claims.stream().anyMatch(declared -> declared.name().equals(claim));
    }
}
