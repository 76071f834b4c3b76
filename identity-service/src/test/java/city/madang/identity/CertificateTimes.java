package city.madang.identity;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times that tell nothing of one credential among others. */
final class CertificateTimes {

    private CertificateTimes() {}

    /**
     * A credential's {@code iat} is the beginning of a day, which all of its day have in common, or of its certificate's validity, which
     * all under it have in common; and never before that.
     *
     * @param sdJwt compact, with or without its disclosures
     */
    static void assertIssuedLikeOthers(String sdJwt) throws ParseException {
        SignedJWT jwt = SignedJWT.parse(sdJwt.split("~", 2)[0]);
        Instant certified = X509CertUtils.parse(
                        jwt.getHeader().getX509CertChain().getFirst().decode())
                .getNotBefore()
                .toInstant();
        Instant issued = jwt.getJWTClaimsSet().getIssueTime().toInstant();
        assertFalse(issued.isBefore(certified), "before its certificate");
        assertTrue(issued.equals(certified) || issued.equals(issued.truncatedTo(ChronoUnit.DAYS)), "links credentials");
    }
}
