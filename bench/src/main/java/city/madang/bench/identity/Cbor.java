package city.madang.bench.identity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the little CBOR (RFC 8949) that a device response needs. */
final class Cbor {

    private static final int NULL = 0xf6;
    private static final int ENCODED_CBOR = 24;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Cbor integer(long value) {
        return value >= 0 ? head(0, value) : head(1, -1 - value);
    }

    Cbor bytes(byte[] value) {
        head(2, value.length);
        return encoded(value);
    }

    Cbor text(String value) {
        var utf8 = value.getBytes(StandardCharsets.UTF_8);
        head(3, utf8.length);
        return encoded(utf8);
    }

    Cbor array(int elements) {
        return head(4, elements);
    }

    Cbor map(int members) {
        return head(5, members);
    }

    Cbor nothing() {
        out.write(NULL);
        return this;
    }

    /** {@code #6.24(bstr)}. */
    Cbor embedded(byte[] cbor) {
        head(6, ENCODED_CBOR);
        return bytes(cbor);
    }

    /** An item that is encoded already. */
    Cbor encoded(byte[] cbor) {
        out.writeBytes(cbor);
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private Cbor head(int major, long value) {
        var type = major << 5;
        if (value < 24) {
            out.write(type | (int) value);
        } else if (value < 0x100) {
            out.write(type | 24);
            out.write((int) value);
        } else {
            var wide = value >= 0x10000;
            out.write(type | (wide ? 26 : 25));
            for (var shift = wide ? 24 : 8; shift >= 0; shift -= 8) {
                out.write((int) (value >>> shift));
            }
        }
        return this;
    }

    /** The session that a device signs for (OpenID4VP 1.0 appendix B.2.6.1). */
    static byte[] sessionTranscript(
            String clientId, String nonce, byte @Nullable [] jwkThumbprint, String responseUri) {
        var info = new Cbor().array(4).text(clientId).text(nonce);
        if (jwkThumbprint == null) {
            info.nothing();
        } else {
            info.bytes(jwkThumbprint);
        }
        info.text(responseUri);
        return new Cbor()
                .array(3)
                .nothing()
                .nothing()
                .array(2)
                .text("OpenID4VPHandover")
                .bytes(HolderKey.digest(info.toBytes()))
                .toBytes();
    }

    /** A response with one document that discloses all of it, signed by its device (ISO/IEC 18013-5 §8.3.2.1, §9.1.3). */
    static byte[] deviceResponse(HolderKey device, String docType, byte[] issuerSigned, byte[] sessionTranscript) {
        var noElements = new Cbor().map(0).toBytes();
        var authentication = new Cbor()
                .array(4)
                .text("DeviceAuthentication")
                .encoded(sessionTranscript)
                .text(docType)
                .embedded(noElements)
                .toBytes();
        var es256 = new Cbor().map(1).integer(1).integer(-7).toBytes();
        var signed = new Cbor()
                .array(4)
                .text("Signature1")
                .bytes(es256)
                .bytes(new byte[0])
                .bytes(new Cbor().embedded(authentication).toBytes())
                .toBytes();
        return new Cbor()
                .map(3)
                .text("version")
                .text("1.0")
                .text("documents")
                .array(1)
                .map(3)
                .text("docType")
                .text(docType)
                .text("issuerSigned")
                .encoded(issuerSigned)
                .text("deviceSigned")
                .map(2)
                .text("nameSpaces")
                .embedded(noElements)
                .text("deviceAuth")
                .map(1)
                .text("deviceSignature")
                .array(4)
                .bytes(es256)
                .map(0)
                .nothing()
                .bytes(device.sign(signed))
                .text("status")
                .integer(0)
                .toBytes();
    }
}
