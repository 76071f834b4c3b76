package city.madang.identity.status;

import city.madang.identity.cbor.CborMap;
import city.madang.identity.cbor.CborReader;
import city.madang.identity.cbor.CoseSign1;
import city.madang.identity.cbor.Tagged;
import city.madang.identity.certificates.Signer;
import city.madang.identity.certificates.TrustAnchor;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what somebody else has signed: a Status List Token (draft-ietf-oauth-status-list §5 and §8.3), or an identifier list
 * (ISO/IEC 18013-5 §12.3.6.3 and §12.3.6.4). Blocking.
 */
final class ListReader {

    /** Bytes of a token, or characters of a JWT. */
    static final int LONGEST = 6 * 1024 * 1024;

    /** Bytes of a list when decompressed: two million entries of eight bits, sixteen million of one. */
    static final int LONGEST_LIST = 2 * 1024 * 1024;

    static final String IDENTIFIER_LIST_TYPE = "application/identifierlist+cwt";

    private static final int MOST_IDENTIFIERS = 100_000;

    /** A key and an empty map for each identifier, and what stands around them. */
    private static final int MOST_ITEMS = 3 * MOST_IDENTIFIERS;

    /** How far clocks may differ. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final ChainCheck chains;

    /** Tells whom a chain certifies, as {@code Signers.of}. */
    @FunctionalInterface
    interface ChainCheck {
        Signer of(@Nullable Object x5c) throws Malformed;
    }

    /**
     * A list that holds.
     *
     * @param signer whose certificate leads to somebody trusted
     * @param expires when it must not be relied upon any longer; {@link Instant#MAX} if it does not say
     * @param ttl how long it may be used before asking again; null if it does not say
     */
    record ReadList(StatedBy stated, Signer signer, Instant expires, @Nullable Duration ttl) {}

    ListReader(ChainCheck chains) {
        this.chains = chains;
    }

    /** Media types of the lists into which such a reference leads, the preferred first. */
    static List<String> mediaTypes(StatusReference reference) {
        return switch (reference) {
            case StatusReference.Entry entry -> List.of(ListFormat.JWT_TYPE, ListFormat.CWT_TYPE);
            case StatusReference.Identifier identifier -> List.of(IDENTIFIER_LIST_TYPE);
        };
    }

    /**
     * @param mediaType under which it was served
     * @param uri from which it was fetched, which must be its {@code sub}
     * @throws Malformed with the reason, if anything at all is wrong with it
     */
    ReadList read(String mediaType, byte[] token, String uri, Instant now) throws Malformed {
        if (token.length > LONGEST) {
            throw new Malformed("the list is too long");
        }
        return switch (mediaType) {
            case ListFormat.JWT_TYPE -> jwt(new String(token, StandardCharsets.US_ASCII), uri, now);
            case ListFormat.CWT_TYPE, IDENTIFIER_LIST_TYPE -> cwt(mediaType, token, uri, now);
            default -> throw new Malformed("the list is of another type");
        };
    }

    private ReadList jwt(String text, String uri, Instant now) throws Malformed {
        CompactJws jws = CompactJws.parse(text, "statuslist+jwt", LONGEST);
        Signer signer = chains.of(jws.header().get("x5c"));
        if (!jws.isSignedBy(TrustAnchor.keyOf(signer.certificate()))) {
            throw new Malformed("the list is not signed by its certificate's key");
        }
        Map<String, @Nullable Object> claims = jws.payload();
        if (!(claims.get("status_list") instanceof Map<?, ?> list) || !(list.get("lst") instanceof String lst)) {
            throw new Malformed("status_list is missing");
        }
        return checked(
                new Claims(
                        claims.get("sub"), claims.get("iat"), claims.get("nbf"), claims.get("exp"), claims.get("ttl")),
                uri,
                now,
                signer,
                new StatedBy.Values(
                        StatusArray.inflate(integer(list.get("bits"), "bits"), Base64Url.decode(lst), LONGEST_LIST)));
    }

    private ReadList cwt(String type, byte[] token, String uri, Instant now) throws Malformed {
        if (!(CborReader.read(token) instanceof Tagged tagged) || tagged.number() != CwtClaim.COSE_SIGN1) {
            throw new Malformed("the list must be tagged as COSE_Sign1");
        }
        CoseSign1 cose = CoseSign1.of(tagged.content(), "the list");
        if (!cose.type().equals(type)) {
            throw new Malformed("the list must be of type " + type);
        }
        Signer signer = chains.of(
                cose.x5chain().stream().map(Base64.getEncoder()::encodeToString).toList());
        if (!cose.isSignedBy(TrustAnchor.keyOf(signer.certificate()))) {
            throw new Malformed("the list is not signed by its certificate's key");
        }
        CborMap claims = CborMap.of(CborReader.read(cose.payload(), MOST_ITEMS), "the list");
        return checked(
                new Claims(
                        claims.get(CwtClaim.SUBJECT),
                        claims.get(CwtClaim.ISSUED),
                        claims.get(CwtClaim.NOT_BEFORE),
                        claims.get(CwtClaim.EXPIRES),
                        claims.get(CwtClaim.TIME_TO_LIVE)),
                uri,
                now,
                signer,
                type.equals(IDENTIFIER_LIST_TYPE) ? identifiers(claims) : values(claims));
    }

    private static StatedBy values(CborMap claims) throws Malformed {
        CborMap list = claims.map(CwtClaim.STATUS_LIST);
        return new StatedBy.Values(StatusArray.inflate(list.integer("bits"), list.bytes("lst"), LONGEST_LIST));
    }

    private static StatedBy identifiers(CborMap claims) throws Malformed {
        CborMap identifiers = claims.map(CwtClaim.IDENTIFIER_LIST).map("identifiers");
        Set<ByteBuffer> revoked = new HashSet<>();
        for (Object key : identifiers.members().keySet()) {
            if (!(key instanceof ByteBuffer id) || revoked.size() >= MOST_IDENTIFIERS) {
                throw new Malformed("identifiers must be byte strings, and not too many");
            }
            revoked.add(id);
        }
        return new StatedBy.Identifiers(Set.copyOf(revoked));
    }

    private record Claims(
            @Nullable Object sub,
            @Nullable Object iat,
            @Nullable Object nbf,
            @Nullable Object exp,
            @Nullable Object ttl) {}

    private static ReadList checked(Claims claims, String uri, Instant now, Signer signer, StatedBy stated)
            throws Malformed {
        if (!uri.equals(claims.sub())) {
            throw new Malformed("the list is another one");
        }
        Instant latest = now.plus(SKEW);
        if (time(claims.iat(), "iat").isAfter(latest)) {
            throw new Malformed("the list is from the future");
        }
        if (claims.nbf() != null && time(claims.nbf(), "nbf").isAfter(latest)) {
            throw new Malformed("the list is not valid yet");
        }
        Instant expires = claims.exp() == null ? Instant.MAX : time(claims.exp(), "exp");
        if (!now.isBefore(expires)) {
            throw new Malformed("the list has expired");
        }
        @Nullable Duration ttl = null;
        if (claims.ttl() != null) {
            long seconds = integer(claims.ttl(), "ttl");
            if (seconds <= 0) {
                throw new Malformed("ttl must be positive");
            }
            ttl = Duration.ofSeconds(seconds);
        }
        return new ReadList(stated, signer, expires, ttl);
    }

    private static Instant time(@Nullable Object seconds, String name) throws Malformed {
        long value = integer(seconds, name);
        if (value < 0 || value > Integer.MAX_VALUE * 100L) {
            throw new Malformed(name + " is out of range");
        }
        return Instant.ofEpochSecond(value);
    }

    private static long integer(@Nullable Object value, String name) throws Malformed {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw new Malformed(name + " must be an integer");
    }
}
