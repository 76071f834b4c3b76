package city.madang.identity.mdoc;

import city.madang.identity.jose.PublicJwk;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes the {@code IssuerSigned} structure of ISO/IEC 18013-5 §8.3.2.1.2.2 and §9.1.2.4, signed with ES256. */
public final class MdocIssuer {

    private MdocIssuer() {}

    /**
     * What is to be issued.
     *
     * @param nameSpaces values by name space and element identifier: String, Boolean, Integer, Long, byte[], List, Map;
     *     {@code LocalDate} becomes a full-date, {@code Instant} a tdate
     * @param deviceKey the holder's, whose possession was proven
     * @param x5chain DER, leaf first, without the anchor
     * @param signed and the other times are cut to whole seconds
     * @param status the MSO's {@code status}, or none
     */
    public record Order(
            String docType,
            Map<String, Map<String, Object>> nameSpaces,
            PublicJwk deviceKey,
            List<byte[]> x5chain,
            Instant signed,
            Instant validFrom,
            Instant validUntil,
            @Nullable Map<String, Object> status) {}

    /**
     * The CBOR of {@code IssuerSigned}; base64url of it is OpenID4VCI's credential.
     *
     * @param signer takes the bytes of {@code Sig_structure}, gives {@code r ‖ s}; called once
     */
    public static byte[] issue(Order order, UnaryOperator<byte[]> signer) {
        throw new UnsupportedOperationException("not yet: " + order.docType() + signer);
    }
}
