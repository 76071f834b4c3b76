package city.madang.identity.mdoc;

import city.madang.identity.cbor.CborMap;
import city.madang.identity.cbor.Tagged;
import city.madang.identity.jose.Malformed;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code MobileSecurityObject} (ISO/IEC 18013-5 §9.1.2.4): what the issuer has signed.
 *
 * @param digestAlgorithm as Java names it
 * @param valueDigests maps of digests by name space and digest id
 */
record SecurityObject(
        String docType,
        String digestAlgorithm,
        CborMap valueDigests,
        ECPublicKey deviceKey,
        Instant signed,
        Instant validFrom,
        Instant validUntil,
        @Nullable Object status) {

    /** How far clocks may differ. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    /** §9.1.2.5, table 21. */
    private static final Set<String> DIGESTS = Set.of("SHA-256", "SHA-384", "SHA-512");

    private static final int LONGEST_TIME = 40;

    /** @param payload the bytes of {@code MobileSecurityObjectBytes} */
    static SecurityObject parse(@Nullable Object payload) throws Malformed {
        CborMap object = Tagged.embedding(payload, "the MSO").embeddedMap("the MSO");
        Versions.check(object.text("version"), "the MSO");
        String digest = object.text("digestAlgorithm");
        if (!DIGESTS.contains(digest)) {
            throw new Malformed("the digest algorithm of the MSO is not understood");
        }
        CborMap validity = object.map("validityInfo");
        return new SecurityObject(
                object.text("docType"),
                digest,
                object.map("valueDigests"),
                CoseKey.parse(object.map("deviceKeyInfo").map("deviceKey")),
                time(validity, "signed"),
                time(validity, "validFrom"),
                time(validity, "validUntil"),
                ElementValues.plain(object.get("status")));
    }

    /** Valid now, and signed while the issuer's certificate was (§9.3.1). */
    void checkTimes(X509Certificate issuer, Instant now) throws Malformed {
        if (!now.isBefore(validUntil.plus(SKEW))) {
            throw new Malformed("the document has expired");
        }
        if (now.isBefore(validFrom.minus(SKEW))) {
            throw new Malformed("the document is not valid yet");
        }
        if (now.isBefore(signed.minus(SKEW))) {
            throw new Malformed("the document is from the future");
        }
        if (signed.isBefore(issuer.getNotBefore().toInstant().minus(SKEW))
                || signed.isAfter(issuer.getNotAfter().toInstant())) {
            throw new Malformed("the document was signed while its issuer's certificate was not valid");
        }
    }

    private static Instant time(CborMap validity, String name) throws Malformed {
        if (validity.get(name) instanceof Tagged tagged
                && tagged.number() == Tagged.DATE_TIME
                && tagged.content() instanceof String text
                && text.length() <= LONGEST_TIME) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException broken) {
                throw new Malformed(name + " of the MSO is not a time");
            }
        }
        throw new Malformed(name + " of the MSO must be a tdate");
    }
}
