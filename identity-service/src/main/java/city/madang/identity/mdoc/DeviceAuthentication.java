package city.madang.identity.mdoc;

import city.madang.identity.cbor.CborMap;
import city.madang.identity.cbor.CborWriter;
import city.madang.identity.cbor.CoseSign1;
import city.madang.identity.cbor.Tagged;
import city.madang.identity.jose.Malformed;
import java.security.interfaces.ECPublicKey;

/** Proves that the device itself presents the document in this very session (ISO/IEC 18013-5 §9.1.3). */
final class DeviceAuthentication {

    private static final int ROOM = 64;

    private DeviceAuthentication() {}

    /**
     * Checks {@code deviceSigned} of a document.
     *
     * @throws Malformed if it is not signed by this key for this session and document type, has a MAC, or elements of its own
     */
    static void check(CborMap deviceSigned, ECPublicKey deviceKey, String docType, byte[] sessionTranscript)
            throws Malformed {
        Tagged nameSpaces = Tagged.embedding(deviceSigned.get("nameSpaces"), "the device's name spaces");
        if (!nameSpaces.embeddedMap("the device's name spaces").members().isEmpty()) {
            throw new Malformed("elements that only the device has signed are not taken");
        }
        CborMap deviceAuth = deviceSigned.map("deviceAuth");
        if (deviceAuth.has("deviceMac")) {
            throw new Malformed("a device's MAC is not taken, only its signature");
        }
        CoseSign1 signature = CoseSign1.of(deviceAuth.get("deviceSignature"), "the device's signature");
        byte[] signed = bytes(sessionTranscript, docType, nameSpaces.encoded());
        if (!signature.isSignedBy(deviceKey, signed)) {
            throw new Malformed("the document is not signed by its device for this session");
        }
    }

    /** {@code DeviceAuthenticationBytes}. */
    static byte[] bytes(byte[] sessionTranscript, String docType, byte[] deviceNameSpacesBytes) {
        CborWriter authentication = new CborWriter(sessionTranscript.length + ROOM * 2)
                .array(4)
                .text("DeviceAuthentication")
                .encoded(sessionTranscript)
                .text(docType)
                .encoded(deviceNameSpacesBytes);
        return new CborWriter(authentication.length() + ROOM)
                .embed(authentication)
                .toBytes();
    }
}
