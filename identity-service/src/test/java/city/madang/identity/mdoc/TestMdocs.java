package city.madang.identity.mdoc;

import city.madang.identity.cbor.CborMap;
import city.madang.identity.cbor.CborReader;
import city.madang.identity.cbor.CborWriter;
import city.madang.identity.cbor.Tagged;
import city.madang.identity.jose.Malformed;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A wallet's side of mdoc, for tests: chooses elements of an {@code IssuerSigned} and signs a {@code DeviceResponse}. */
public final class TestMdocs {

    private TestMdocs() {}

    public static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Gives {@code r ‖ s}. */
    public static UnaryOperator<byte[]> signer(PrivateKey key) {
        return message -> {
            try {
                Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
                signature.initSign(key);
                signature.update(message);
                return signature.sign();
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        };
    }

    /** A {@code DeviceResponse} with one document that discloses these element identifiers of each name space. */
    public static byte[] present(
            byte[] issuerSigned, Map<String, Set<String>> disclosed, byte[] sessionTranscript, PrivateKey device)
            throws Malformed {
        Map<Object, Object> document = document(issuerSigned, disclosed, sessionTranscript, device);
        Map<Object, Object> response = new LinkedHashMap<>();
        response.put("version", "1.0");
        response.put("documents", List.of(document));
        response.put("status", 0L);
        return encode(response);
    }

    static Map<Object, Object> document(
            byte[] issuerSigned, Map<String, Set<String>> disclosed, byte[] sessionTranscript, PrivateKey device)
            throws Malformed {
        CborMap credential = CborMap.read(issuerSigned, "the credential");
        Map<Object, Object> nameSpaces = new LinkedHashMap<>();
        for (Map.Entry<String, Set<String>> wanted : disclosed.entrySet()) {
            List<Object> items = new java.util.ArrayList<>();
            for (Object item : credential.map("nameSpaces").array(wanted.getKey())) {
                CborMap element = Tagged.embedding(item, "an item").embeddedMap("an item");
                if (wanted.getValue().contains(element.text("elementIdentifier"))) {
                    items.add(item);
                }
            }
            nameSpaces.put(wanted.getKey(), items);
        }
        byte[] payload = (byte[]) credential.array("issuerAuth").get(2);
        String docType = Tagged.embedding(CborReader.read(payload), "the MSO")
                .embeddedMap("the MSO")
                .text("docType");
        byte[] noElements = embedded(encode(Map.of()));
        byte[] signed = DeviceAuthentication.bytes(sessionTranscript, docType, noElements);
        byte[] header = new CborWriter(8).map(1).integer(1).integer(-7).toBytes();
        byte[] toBeSigned = encode(List.of("Signature1", header, new byte[0], signed));
        List<Object> signature = new java.util.ArrayList<>();
        signature.add(header);
        signature.add(new LinkedHashMap<>());
        signature.add(null);
        signature.add(signer(device).apply(toBeSigned));

        Map<Object, Object> issuer = new LinkedHashMap<>();
        issuer.put("nameSpaces", nameSpaces);
        issuer.put("issuerAuth", credential.get("issuerAuth"));
        Map<Object, Object> deviceAuth = new LinkedHashMap<>();
        deviceAuth.put("deviceSignature", signature);
        Map<Object, Object> deviceSigned = new LinkedHashMap<>();
        deviceSigned.put("nameSpaces", CborReader.read(noElements));
        deviceSigned.put("deviceAuth", deviceAuth);
        Map<Object, Object> document = new LinkedHashMap<>();
        document.put("docType", docType);
        document.put("issuerSigned", issuer);
        document.put("deviceSigned", deviceSigned);
        return document;
    }

    /** {@code #6.24(bstr)}. */
    static byte[] embedded(byte[] cbor) {
        return new CborWriter(cbor.length + 8)
                .tag(Tagged.ENCODED_CBOR)
                .bytes(cbor)
                .toBytes();
    }

    /** What {@link CborReader} gave, perhaps changed since, in the order it stands. */
    static byte[] encode(Object item) {
        CborWriter out = new CborWriter(1024);
        write(out, item);
        return out.toBytes();
    }

    private static void write(CborWriter out, Object item) {
        switch (item) {
            case Tagged tagged -> out.encoded(tagged.encoded());
            case Collection<?> list -> {
                out.array(list.size());
                list.forEach(element -> write(out, element));
            }
            case Map<?, ?> map -> {
                out.map(map.size());
                map.forEach((key, value) -> {
                    out.value(key);
                    write(out, value);
                });
            }
            case null -> out.nothing();
            default -> out.value(item);
        }
    }
}
