package city.madang.identity;

import city.madang.identity.cbor.CborWriter;
import city.madang.identity.cbor.CoseSign1;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.mdoc.MdocIssuer;
import city.madang.identity.mdoc.SessionTranscripts;
import city.madang.identity.mdoc.TestMdocs;
import com.authlete.sd.Disclosure;
import com.authlete.sd.SDJWT;
import com.authlete.sd.SDObjectBuilder;
import com.nimbusds.jose.jwk.ECKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.zip.DeflaterOutputStream;

/** A wallet that is its own issuer, as that of a conformance suite is: a PID as SD-JWT VC, a driving licence as mdoc, and their lists. */
record StateWallet(StateIssuer issuer, LocalHost host, TestWallet holder) {

    static final String PID = "urn:eudi:pid:1";
    static final String LICENCE = "org.iso.18013.5.1.mDL";
    static final String NAME_SPACE = "org.iso.18013.5.1";
    static final Set<String> PID_CLAIMS =
            Set.of("given_name", "family_name", "nationalities", "place_of_birth", "country");
    static final Set<String> LICENCE_CLAIMS = Set.of("given_name", "birth_date", "driving_privileges");

    /** Of 256 places in each list; every odd one is revoked. */
    private static final int PLACES = 256;

    private static final int GOOD = 42;
    private static final int REVOKED = 43;

    /** Where a credential's status stands, and whether it is revoked there; {@code path} is null for none. */
    record Status(String path, boolean isRevoked) {}

    /** A place in a Token Status List of this format, {@code jwt} or {@code cwt}, that is served now. */
    Status inList(String format, boolean revoked) {
        String path = "/statuslists/" + java.util.UUID.randomUUID();
        long now = Instant.now().getEpochSecond();
        byte[] token = format.equals("jwt") ? listJwt(path, now) : listCwt(path, now);
        host.put(path, "application/statuslist+" + format, token);
        return new Status(path, revoked);
    }

    private byte[] listJwt(String path, long now) {
        Map<String, Object> header = new LinkedHashMap<>(header("statuslist+jwt"));
        // a key that speaks for itself says nothing
        header.put("jwk", holder.key.toPublicJWK().toJSONObject());
        Map<String, Object> claims = Map.of(
                "sub",
                host.url(path),
                "iat",
                now,
                "exp",
                now + 3600,
                "ttl",
                300,
                "status_list",
                Map.of("bits", 1, "lst", Base64Url.encode(places())));
        return CompactJws.sign(header, claims, signer(StateIssuer.PID)).getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] listCwt(String path, long now) {
        CborWriter claims = claims(path, now);
        claims.integer(65_533).map(2).text("bits").integer(1).text("lst").bytes(places());
        return cwt("application/statuslist+cwt", claims.integer(65_534).integer(300));
    }

    /** On the list of revoked identifiers (ISO/IEC 18013-5 §12.3.6.4). */
    Map<String, Object> onIdentifierList() {
        String path = "/identifierlists/" + java.util.UUID.randomUUID();
        byte[] id = Base64.getDecoder().decode("AAECAwQFBgcICQoLDA0ODw==");
        CborWriter claims = claims(path, Instant.now().getEpochSecond());
        claims.integer(65_530).map(1).text("identifiers").map(2);
        claims.bytes(new byte[16]).map(0).bytes(id).map(0);
        byte[] token =
                cwt("application/identifierlist+cwt", claims.integer(65_534).integer(300));
        host.put(path, "application/identifierlist+cwt", token);
        return Map.of("identifier_list", Map.of("id", id, "uri", host.url(path)));
    }

    private CborWriter claims(String path, long now) {
        CborWriter claims = new CborWriter(256).map(5).integer(2).text(host.url(path));
        return claims.integer(4).integer(now + 3600).integer(6).integer(now);
    }

    private byte[] cwt(String type, CborWriter claims) {
        CborWriter out = new CborWriter(512).tag(18);
        List<byte[]> chain = List.of(issuer.certificate(StateIssuer.LISTS));
        CoseSign1.write(out, type, claims.toBytes(), chain, signer(StateIssuer.LISTS));
        return out.toBytes();
    }

    private static byte[] places() {
        byte[] list = new byte[PLACES / 8];
        java.util.Arrays.fill(list, (byte) 0b1010_1010);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(list);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    Map<String, Object> claim(Status status) {
        return Map.of(
                "status_list", Map.of("idx", status.isRevoked() ? REVOKED : GOOD, "uri", host.url(status.path())));
    }

    private UnaryOperator<byte[]> signer(String signer) {
        return TestMdocs.signer(issuer.key(signer));
    }

    private Map<String, Object> header(String type) {
        String leaf = Base64.getEncoder().encodeToString(issuer.certificate(StateIssuer.PID));
        return Map.of("alg", "ES256", "typ", type, "x5c", List.of(leaf));
    }

    /**
     * An SD-JWT VC with nested and repeated claims, decoys among them.
     *
     * @param key as it stands in {@code cnf}
     * @param more claims that are never hidden
     */
    String pid(ECKey key, Map<String, Object> more) {
        SDObjectBuilder builder = new SDObjectBuilder();
        List<Disclosure> all = new ArrayList<>();
        all.add(builder.putSDClaim("given_name", "Jean"));
        all.add(builder.putSDClaim("family_name", "Dupont"));
        all.add(builder.putSDClaim("birthdate", "1980-05-23"));
        Disclosure nationality = new Disclosure("FR");
        all.add(nationality);
        all.add(builder.putSDClaim("nationalities", List.of(nationality.toArrayElement())));
        SDObjectBuilder place = new SDObjectBuilder();
        all.add(place.putSDClaim("country", "FR"));
        all.add(builder.putSDClaim("place_of_birth", place.build()));
        all.add(builder.putSDClaim("picture", "data:image/jpeg;base64," + "/9j/".repeat(200)));
        builder.putClaim("vct", PID);
        builder.putClaim("iss", host.url("/test/a/alias"));
        builder.putClaim("iat", Instant.now().getEpochSecond());
        builder.putClaim("exp", Instant.now().plus(Duration.ofHours(23)).getEpochSecond());
        builder.putClaim("cnf", Map.of("jwk", key.toJSONObject()));
        more.forEach(builder::putClaim);
        builder.putDecoyDigests(3);
        return new SDJWT(CompactJws.sign(header("dc+sd-jwt"), builder.build(), signer(StateIssuer.PID)), all)
                .toString();
    }

    /** Discloses just what was asked for, elements of arrays too. */
    SDJWT minimal(String pid) {
        SDJWT all = SDJWT.parse(pid);
        List<Disclosure> chosen = all.getDisclosures().stream()
                .filter(each -> each.getClaimName() == null || PID_CLAIMS.contains(each.getClaimName()))
                .toList();
        return new SDJWT(all.getCredentialJwt(), chosen);
    }

    /** {@code IssuerSigned} of a driving licence. */
    byte[] licence(Map<String, Object> status) {
        try {
            Map<String, Object> elements = new LinkedHashMap<>();
            elements.put("given_name", "Erika");
            elements.put("family_name", "Mustermann");
            elements.put("birth_date", LocalDate.of(1971, 9, 1));
            elements.put("portrait", new byte[500]);
            elements.put("age_over_18", true);
            elements.put(
                    "driving_privileges",
                    List.of(Map.of("vehicle_category_code", "A", "issue_date", LocalDate.of(2018, 8, 9))));
            Instant signed = Instant.now().minus(Duration.ofHours(1));
            return MdocIssuer.issue(
                    new MdocIssuer.Order(
                            LICENCE,
                            Map.of(NAME_SPACE, elements),
                            PublicJwk.of(holder.key.toECPublicKey()),
                            List.of(issuer.certificate(StateIssuer.DOCUMENTS)),
                            signed,
                            signed,
                            signed.plus(Duration.ofDays(365)),
                            status),
                    signer(StateIssuer.DOCUMENTS));
        } catch (com.nimbusds.jose.JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A {@code DeviceResponse} for this request, or for one with another nonce. */
    String shown(byte[] licence, TestVerification asked, String nonce) {
        try {
            Map<?, ?> metadata = (Map<?, ?>) asked.request().get("client_metadata");
            byte[] thumbprint = metadata.containsKey("jwks")
                    ? asked.encryptionKey().computeThumbprint().decode()
                    : null;
            byte[] transcript = SessionTranscripts.openId4Vp(asked.clientId(), nonce, thumbprint, (String)
                    asked.request().get("response_uri"));
            return Base64Url.encode(TestMdocs.present(
                    licence, Map.of(NAME_SPACE, LICENCE_CLAIMS), transcript, holder.key.toECPrivateKey()));
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
