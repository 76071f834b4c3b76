package city.madang.identity.status;

import city.madang.identity.cbor.CborMap;
import city.madang.identity.cbor.CborReader;
import city.madang.identity.cbor.CoseSign1;
import city.madang.identity.cbor.Tagged;
import city.madang.identity.certificates.TrustAnchor;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a Status List Token that somebody else has signed (draft-ietf-oauth-status-list §5 and §8.3). Blocking. */
final class ListReader {

    /** Bytes of a token, or characters of a JWT. */
    static final int LONGEST = 6 * 1024 * 1024;

    /** Bytes of a list when decompressed: two million entries of eight bits, sixteen million of one. */
    static final int LONGEST_LIST = 2 * 1024 * 1024;

    /** How far clocks may differ. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final ChainCheck chains;

    /** Gives the leaf of a chain that leads to the trust list, as {@code TrustAnchor.leafOf}. */
    @FunctionalInterface
    interface ChainCheck {
        X509Certificate leafOf(@Nullable Object x5c) throws Malformed;
    }

    /**
     * A list that holds.
     *
     * @param signer whose certificate leads to the trust list
     * @param expires when it must not be relied upon any longer; {@link Instant#MAX} if it does not say
     * @param ttl how long it may be used before asking again; null if it does not say
     */
    record ReadList(StatusArray values, X509Certificate signer, Instant expires, @Nullable Duration ttl) {}

    ListReader(ChainCheck chains) {
        this.chains = chains;
    }

    /**
     * @param uri from which it was fetched, which must be its {@code sub}
     * @throws Malformed with the reason, if anything at all is wrong with it
     */
    ReadList read(ListFormat format, byte[] token, String uri, Instant now) throws Malformed {
        if (token.length > LONGEST) {
            throw new Malformed("the list is too long");
        }
        return switch (format) {
            case JWT -> jwt(new String(token, StandardCharsets.US_ASCII), uri, now);
            case CWT -> cwt(token, uri, now);
        };
    }

    private ReadList jwt(String text, String uri, Instant now) throws Malformed {
        CompactJws jws = CompactJws.parse(text, "statuslist+jwt", LONGEST);
        X509Certificate signer = chains.leafOf(jws.header().get("x5c"));
        if (!jws.isSignedBy(TrustAnchor.keyOf(signer))) {
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
                StatusArray.inflate(integer(list.get("bits"), "bits"), Base64Url.decode(lst), LONGEST_LIST));
    }

    private ReadList cwt(byte[] token, String uri, Instant now) throws Malformed {
        if (!(CborReader.read(token) instanceof Tagged tagged) || tagged.number() != CwtClaim.COSE_SIGN1) {
            throw new Malformed("the list must be tagged as COSE_Sign1");
        }
        CoseSign1 cose = CoseSign1.of(tagged.content(), "the list");
        if (!cose.type().equals(ListFormat.CWT_TYPE)) {
            throw new Malformed("the list must be of type " + ListFormat.CWT_TYPE);
        }
        List<String> chain =
                cose.x5chain().stream().map(Base64.getEncoder()::encodeToString).toList();
        X509Certificate signer = chains.leafOf(chain);
        if (!cose.isSignedBy(TrustAnchor.keyOf(signer))) {
            throw new Malformed("the list is not signed by its certificate's key");
        }
        CborMap claims = CborMap.read(cose.payload(), "the list");
        CborMap list = claims.map(CwtClaim.STATUS_LIST);
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
                StatusArray.inflate(list.integer("bits"), list.bytes("lst"), LONGEST_LIST));
    }

    private record Claims(
            @Nullable Object sub,
            @Nullable Object iat,
            @Nullable Object nbf,
            @Nullable Object exp,
            @Nullable Object ttl) {}

    private static ReadList checked(Claims claims, String uri, Instant now, X509Certificate signer, StatusArray values)
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
        return new ReadList(values, signer, expires, ttl);
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
