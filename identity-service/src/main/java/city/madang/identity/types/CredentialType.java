package city.madang.identity.types;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be issued.
 *
 * @param id also the {@code credential_configuration_id} and the {@code scope}
 * @param agency its owner, the only one that may issue it
 * @param name the last part of its {@code vct}, or its {@code doctype}
 * @param display at least one, each in a language of its own
 * @param validityDays how long a credential of this type is valid; an mdoc at most as long as its document signer
 * @param batchSize most copies in one issuance, each bound to a key of its own
 * @param statusBits bits of a credential in its status list: 1, 2 or 8, of an mdoc 1 alone; 0: it cannot be revoked
 * @param acr assurance level that the holder's sign-in must have reached, if any
 * @param source where the claims come from
 * @param keyAttestation what must be attested of the holder's keys, if anything
 */
public record CredentialType(
        String id,
        String agency,
        Format format,
        String name,
        List<Display> display,
        List<Claim> claims,
        int validityDays,
        int batchSize,
        int statusBits,
        @Nullable String acr,
        ClaimSource source,
        @Nullable KeyAttestation keyAttestation) {

    /** Claims of a type that an agency declares; a service's record number may come on top. */
    static final int MOST_CLAIMS = 50;

    static final int LONGEST_VALIDITY_DAYS = 3650;

    public static final int LARGEST_BATCH = 20;

    static final int DEFAULT_BATCH = 10;

    static final int DEFAULT_STATUS_BITS = 2;

    /** ISO/IEC 18013-5 §12.3.6.5: a list for mdocs says valid or not, so that an mdoc can be revoked but not suspended. */
    static final int STATUS_BITS_OF_MDOCS = 1;

    public CredentialType {
        display = List.copyOf(display);
        claims = List.copyOf(claims);
    }

    /** Whether a claim may stand at the top of what an agency hands over: a member, or an element or name space of an mdoc. */
    public boolean declares(String claim) {
        return claims.stream().anyMatch(declared -> declared.path().getFirst().equals(claim))
                || (format == Format.MSO_MDOC
                        && claims.stream().anyMatch(declared -> declared.path().equals(List.of(name, claim))));
    }
}
