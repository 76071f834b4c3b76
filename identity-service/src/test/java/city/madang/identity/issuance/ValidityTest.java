package city.madang.identity.issuance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.identity.issuance.CredentialSigner.Validity;
import city.madang.identity.types.ClaimSource;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.Format;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ValidityTest {

    private static final Instant NOW = Instant.parse("2026-11-27T17:41:09Z");
    private static final Instant TODAY = Instant.parse("2026-11-27T00:00:00Z");

    @ParameterizedTest
    @EnumSource(Format.class)
    void a_credential_says_of_its_issuance_no_more_than_the_day(Format format) {
        Validity validity = of(format, "2026-11-02T11:15:30Z", "2028-11-02T11:15:30Z");

        assertEquals(new Validity(TODAY, Instant.parse("2026-12-28T00:00:00Z")), validity);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void no_credential_is_older_than_the_certificate_that_it_is_signed_with(Format format) {
        Validity validity = of(format, "2026-11-27T17:36:09Z", "2028-11-27T17:36:09Z");

        assertEquals(Instant.parse("2026-11-27T17:36:09Z"), validity.from());
        assertEquals(Instant.parse("2026-12-28T00:00:00Z"), validity.until());
    }

    @Test
    void an_mdoc_ends_with_its_certificate_at_the_latest() {
        assertEquals(
                Instant.parse("2026-12-09T00:00:00Z"),
                of(Format.MSO_MDOC, "2025-12-09T08:00:00Z", "2026-12-09T08:00:00Z")
                        .until());
    }

    private static Validity of(Format format, String notBefore, String notAfter) {
        CredentialType type = new CredentialType(
                "pass", "transport", format, "pass", List.of(), List.of(), 30, 1, 1, null, ClaimSource.OFFER, null);
        Issuable.Issuer issuer =
                new Issuable.Issuer("key", List.of(), List.of(), "", Instant.parse(notBefore), Instant.parse(notAfter));
        return Validity.of(Issuable.of(type, "pass", null, null, issuer), issuer, NOW);
    }
}
