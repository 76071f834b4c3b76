package city.madang.identity.cbor;

import city.madang.identity.jose.Malformed;
import city.madang.kit.p256.P256;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A {@code COSE_Sign1} without its tag (RFC 9052 §4.2). Only ECDSA on P-256 with SHA-256 is ever taken, under either of its
 * identifiers, and only from the protected header: the algorithm is this service's choice.
 */
public final class CoseSign1 {

    /** COSE header parameters and algorithms (RFC 9052 §3.1, RFC 9360 §2, RFC 9864 §2.1). */
    private static final long ALG = 1;

    private static final long CRIT = 2;

    /** RFC 9596. */
    private static final long TYP = 16;

    private static final long X5CHAIN = 33;
    private static final long ES256 = -7;
    private static final long ESP256 = -9;

    private static final byte[] PROTECTED_ES256 =
            new CborWriter(0).map(1).integer(ALG).integer(ES256).toBytes();
    private static final byte[] NO_AAD = new byte[0];
    private static final int ROOM = 256;

    private final String name;
    private final byte[] protectedHeader;
    private final CborMap secured;
    private final CborMap unprotected;
    private final byte @Nullable [] payload;
    private final byte[] signature;

    private CoseSign1(
            String name,
            byte[] protectedHeader,
            CborMap secured,
            CborMap unprotected,
            byte @Nullable [] payload,
            byte[] signature) {
        this.name = name;
        this.protectedHeader = protectedHeader;
        this.secured = secured;
        this.unprotected = unprotected;
        this.payload = payload;
        this.signature = signature;
    }

    /**
     * @param name of the structure, for the reason in {@link Malformed}
     * @throws Malformed if it is not of this shape, is for another algorithm, or needs an extension
     */
    public static CoseSign1 of(@Nullable Object item, String name) throws Malformed {
        if (!(item instanceof List<?> parts)
                || parts.size() != 4
                || !(parts.get(0) instanceof byte[] protectedHeader)
                || !(parts.get(2) == null || parts.get(2) instanceof byte[])
                || !(parts.get(3) instanceof byte[] signature)
                || signature.length != P256.SIGNATURE_BYTES) {
            throw new Malformed(name + " must be a COSE_Sign1");
        }
        CborMap secured = CborMap.read(protectedHeader, "the protected header of " + name);
        CborMap unprotected = CborMap.of(parts.get(1), "the unprotected header of " + name);
        for (Object label : unprotected.members().keySet()) {
            if (secured.has(label)) {
                throw new Malformed("the headers of " + name + " repeat a label");
            }
        }
        if (unprotected.has(ALG)) {
            throw new Malformed("alg of " + name + " must be protected");
        }
        if (secured.integer(ALG) != ES256 && secured.integer(ALG) != ESP256) {
            throw new Malformed("alg of " + name + " must be ES256");
        }
        if (secured.has(CRIT) || unprotected.has(CRIT)) {
            throw new Malformed("no critical extension of " + name + " is understood");
        }
        return new CoseSign1(name, protectedHeader, secured, unprotected, (byte[]) parts.get(2), signature);
    }

    /** The payload, which must not be detached. */
    public byte[] payload() throws Malformed {
        if (payload == null) {
            throw new Malformed("the payload of " + name + " is missing");
        }
        return payload;
    }

    /** {@code typ} of the protected header (RFC 9596), which must be text. */
    public String type() throws Malformed {
        return secured.text(TYP);
    }

    /**
     * {@code x5chain} as DER, leaf first (RFC 9360 §2): documents have it in the unprotected header (ISO/IEC 18013-5 §9.1.2.4),
     * lists of revoked ones in the protected header (§12.3.6.3).
     */
    public List<byte[]> x5chain() throws Malformed {
        @Nullable Object chain = secured.has(X5CHAIN) ? secured.get(X5CHAIN) : unprotected.get(X5CHAIN);
        if (chain instanceof byte[] leaf) {
            return List.of(leaf);
        }
        if (chain instanceof List<?> certificates
                && !certificates.isEmpty()
                && certificates.stream().allMatch(byte[].class::isInstance)) {
            return certificates.stream().map(byte[].class::cast).toList();
        }
        throw new Malformed("x5chain of " + name + " must hold certificates");
    }

    public boolean isSignedBy(ECPublicKey key) throws Malformed {
        return P256.verify(key, toBeSigned(protectedHeader, payload()), signature);
    }

    /** As {@link #isSignedBy(ECPublicKey)}, for a payload that must be detached and is this. */
    public boolean isSignedBy(ECPublicKey key, byte[] detached) throws Malformed {
        if (payload != null) {
            throw new Malformed("the payload of " + name + " must be detached");
        }
        return P256.verify(key, toBeSigned(protectedHeader, detached), signature);
    }

    /**
     * Writes a signed {@code COSE_Sign1} for ES256.
     *
     * @param x5chain DER, leaf first; a single byte string if it is one certificate
     * @param signer takes {@code Sig_structure}, gives {@code r ‖ s}
     */
    public static void write(CborWriter out, byte[] payload, List<byte[]> x5chain, UnaryOperator<byte[]> signer) {
        byte[] signature = signature(PROTECTED_ES256, payload, signer);
        out.array(4).bytes(PROTECTED_ES256).map(1).integer(X5CHAIN);
        chain(out, x5chain).bytes(payload).bytes(signature);
    }

    /** With a {@code typ} (RFC 9596), which stands in the protected header as the chain does. */
    public static void write(
            CborWriter out, String type, byte[] payload, List<byte[]> x5chain, UnaryOperator<byte[]> signer) {
        CborWriter header = new CborWriter(ROOM)
                .map(3)
                .integer(ALG)
                .integer(ES256)
                .integer(TYP)
                .text(type)
                .integer(X5CHAIN);
        byte[] protectedHeader = chain(header, x5chain).toBytes();
        byte[] signature = signature(protectedHeader, payload, signer);
        out.array(4).bytes(protectedHeader).map(0).bytes(payload).bytes(signature);
    }

    private static byte[] signature(byte[] protectedHeader, byte[] payload, UnaryOperator<byte[]> signer) {
        byte[] signature = signer.apply(toBeSigned(protectedHeader, payload));
        if (signature.length != P256.SIGNATURE_BYTES) {
            throw new IllegalStateException("a signer must give r ‖ s");
        }
        return signature;
    }

    private static CborWriter chain(CborWriter out, List<byte[]> x5chain) {
        if (x5chain.size() != 1) {
            out.array(x5chain.size());
        }
        x5chain.forEach(out::bytes);
        return out;
    }

    /** {@code Sig_structure} (RFC 9052 §4.4) without additional data. */
    static byte[] toBeSigned(byte[] protectedHeader, byte[] payload) {
        return new CborWriter(payload.length + protectedHeader.length + ROOM)
                .array(4)
                .text("Signature1")
                .bytes(protectedHeader)
                .bytes(NO_AAD)
                .bytes(payload)
                .toBytes();
    }
}
