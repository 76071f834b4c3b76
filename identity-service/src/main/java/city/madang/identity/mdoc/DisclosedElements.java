package city.madang.identity.mdoc;

import city.madang.identity.cbor.CborMap;
import city.madang.identity.cbor.Tagged;
import city.madang.identity.jose.Malformed;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares every disclosed element with the digest that the issuer signed for it (ISO/IEC 18013-5 §9.3.1). */
final class DisclosedElements {

    /** Elements in one document. */
    static final int MOST = 200;

    /** Of an element's random (§9.1.2.5). */
    private static final int SHORTEST_SALT = 16;

    private DisclosedElements() {}

    /**
     * Values by name space and identifier, as plain Java.
     *
     * @param nameSpaces {@code IssuerNameSpaces} of the document
     * @throws Malformed if any digest differs, is unknown or used twice, or an identifier is repeated
     */
    static Map<String, Map<String, Object>> check(CborMap nameSpaces, SecurityObject object) throws Malformed {
        MessageDigest hash = digest(object.digestAlgorithm());
        Map<String, Map<String, Object>> disclosed = new LinkedHashMap<>();
        int count = 0;
        for (Object name : nameSpaces.members().keySet()) {
            if (!(name instanceof String nameSpace) || !object.valueDigests().has(name)) {
                throw new Malformed("a name space is not the issuer's");
            }
            List<@Nullable Object> items =
                    CborMap.of(nameSpaces.members(), "the name spaces").array(nameSpace);
            count += items.size();
            if (count > MOST) {
                throw new Malformed("too many elements are disclosed");
            }
            CborMap digests = CborMap.of(object.valueDigests().get(nameSpace), "the digests of a name space");
            disclosed.put(nameSpace, elements(items, digests, hash));
        }
        return disclosed;
    }

    private static Map<String, Object> elements(List<@Nullable Object> items, CborMap digests, MessageDigest hash)
            throws Malformed {
        Map<String, Object> values = new LinkedHashMap<>();
        Set<Long> used = new HashSet<>();
        for (Object bytes : items) {
            Tagged embedding = Tagged.embedding(bytes, "an element");
            CborMap item = embedding.embeddedMap("an element");
            long id = item.integer("digestID");
            if (!digests.has(id) || !used.add(id)) {
                throw new Malformed("an element's digest is unknown or used twice");
            }
            byte[] actual = hash.digest(embedding.encoded());
            if (!MessageDigest.isEqual(digests.bytes(id), actual)) {
                throw new Malformed("an element is not what the issuer signed");
            }
            if (item.bytes("random").length < SHORTEST_SALT) {
                throw new Malformed("an element's random is too short");
            }
            @Nullable Object value = ElementValues.plain(item.get("elementValue"));
            if (value == null) {
                throw new Malformed("an element has no value");
            }
            if (values.put(item.text("elementIdentifier"), value) != null) {
                throw new Malformed("an element is repeated");
            }
        }
        return values;
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
