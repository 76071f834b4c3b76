package city.madang.identity.mdoc;

import city.madang.identity.cbor.CborWriter;
import city.madang.identity.cbor.CoseSign1;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@code IssuerSigned} structure of ISO/IEC 18013-5 §8.3.2.1.2.2 and §9.1.2.4, signed with ES256. Members stand in the
 * order of the standard's own definitions.
 */
public final class MdocIssuer {

    /** Of random in each element, so that no digest can be guessed (§9.1.2.5 asks for 16 at least). */
    private static final int SALT_BYTES = 16;

    /** Of the salts' source that decide on a digest's place. */
    private static final int PLACE_BYTES = 4;

    private static final int ROOM = 1024;
    private static final int ROOM_PER_ELEMENT = 128;

    private MdocIssuer() {}

    /**
     * What is to be issued.
     *
     * @param nameSpaces values by name space and element identifier: String, Boolean, numbers, byte[], List, Map;
     *     {@code LocalDate} becomes a full-date, {@code Instant} a tdate; {@link MdlElements} turns JSON into these
     * @param deviceKey the holder's, whose possession was proven
     * @param x5chain DER, leaf first, without the anchor
     * @param signed and the other times are cut to whole seconds
     * @param status the MSO's {@code status} (Token Status List §6.3), or none
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
     * @throws IllegalArgumentException if there is no element, no certificate, or a value that CBOR has no item for
     */
    public static byte[] issue(Order order, UnaryOperator<byte[]> signer) {
        if (order.nameSpaces().isEmpty() || order.x5chain().isEmpty()) {
            throw new IllegalArgumentException("an mdoc needs elements and a certificate");
        }
        int elements = order.nameSpaces().values().stream().mapToInt(Map::size).sum();
        CborWriter out = new CborWriter(ROOM * 2 + elements * ROOM_PER_ELEMENT);
        CborWriter security = new CborWriter(ROOM + elements * ROOM_PER_ELEMENT / 2);
        security.map(order.status() == null ? 6 : 7).text("version").text("1.0");
        security.text("digestAlgorithm").text("SHA-256").text("valueDigests");
        out.map(2).text("nameSpaces");
        writeElements(order.nameSpaces(), out, security);
        writeDeviceKey(order.deviceKey(), security);
        security.text("docType").text(order.docType());
        security.text("validityInfo").map(3);
        security.text("signed").dateTime(order.signed());
        security.text("validFrom").dateTime(order.validFrom());
        security.text("validUntil").dateTime(order.validUntil());
        if (order.status() != null) {
            security.text("status").value(order.status());
        }
        out.text("issuerAuth");
        byte[] payload = new CborWriter(security.length() + 8).embed(security).toBytes();
        CoseSign1.write(out, payload, order.x5chain(), signer);
        return out.toBytes();
    }

    /** Writes {@code IssuerNameSpaces} to one and {@code valueDigests} to the other. */
    private static void writeElements(
            Map<String, Map<String, Object>> nameSpaces, CborWriter out, CborWriter security) {
        MessageDigest sha256 = sha256();
        CborWriter item = new CborWriter(ROOM);
        out.map(nameSpaces.size());
        security.map(nameSpaces.size());
        for (Map.Entry<String, Map<String, Object>> nameSpace : nameSpaces.entrySet()) {
            Map<String, Object> elements = nameSpace.getValue();
            int count = elements.size();
            if (count == 0) {
                throw new IllegalArgumentException("a name space needs elements");
            }
            byte[] random = new byte[count * (SALT_BYTES + PLACE_BYTES)];
            new SecureRandom().nextBytes(random);
            int[] digestIds = shuffled(count, random, count * SALT_BYTES);
            byte[][] digests = new byte[count][];
            out.text(nameSpace.getKey()).array(count);
            int i = 0;
            for (Map.Entry<String, Object> element : elements.entrySet()) {
                item.again().map(4).text("digestID").integer(digestIds[i]);
                item.text("random").bytes(random, i * SALT_BYTES, SALT_BYTES);
                item.text("elementIdentifier").text(element.getKey());
                item.text("elementValue").value(element.getValue());
                int from = out.length();
                digests[digestIds[i]] = out.embed(item).digestFrom(from, sha256);
                i++;
            }
            security.text(nameSpace.getKey()).map(count);
            for (int id = 0; id < count; id++) {
                security.integer(id).bytes(digests[id]);
            }
        }
    }

    /** {@code DeviceKeyInfo} with a {@code COSE_Key} (RFC 9052 §7). */
    private static void writeDeviceKey(PublicJwk key, CborWriter security) {
        try {
            security.text("deviceKeyInfo").map(1).text("deviceKey").map(4);
            security.integer(CoseKey.KTY).integer(CoseKey.EC2);
            security.integer(CoseKey.CRV).integer(CoseKey.P_256);
            security.integer(CoseKey.X).bytes(Base64Url.decode(key.x()));
            security.integer(CoseKey.Y).bytes(Base64Url.decode(key.y()));
        } catch (Malformed impossible) {
            throw new IllegalArgumentException("the device's key was never parsed", impossible);
        }
    }

    /** 0 to count − 1 in an order that tells nothing of the elements' (Fisher–Yates; the bias is below 2⁻²⁰). */
    private static int[] shuffled(int count, byte[] random, int from) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int at = from + i * PLACE_BYTES;
            int number = (random[at] & 0x7f) << 24
                    | (random[at + 1] & 0xff) << 16
                    | (random[at + 2] & 0xff) << 8
                    | (random[at + 3] & 0xff);
            int place = number % (i + 1);
            order[i] = order[place];
            order[place] = i;
        }
        return order;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
