package city.madang.verifier;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A flattened or compact JWS with its payload inside, signed with ES256 by the first certificate of {@code x5c} (RFC 7515 §4.1.6, §7.2.2; ETSI TS 119 182-1).
 * Headers that name a place are refused: nothing is fetched.
 */
final class JsonBytes {

    /** Bytes. */
    static final int LONGEST = 1024 * 1024;

    private static final Set<String> MEMBERS = Set.of("payload", "protected", "signature", "header");
    private static final Set<String> PLACES = Set.of("jku", "x5u", "jwk", "sigD", "b64");
    private static final int MOST_CERTIFICATES = 4;
    private static final int SIGNATURE_BYTES = 64;

    private JsonBytes() {}

    static SealBytes read(byte[] file) {
        @Nullable JsonNode jws = file.length > LONGEST ? null : StrictJson.object(file);
        if (jws == null) {
            return malformed("JSON으로 읽을 수 없습니다.", "It cannot be read as JSON.");
        }
        if (!jws.path("protected").isTextual()
                || !jws.path("payload").isTextual()
                || !jws.path("signature").isTextual()) {
            return new SealBytes.None();
        }
        for (Map.Entry<String, JsonNode> member : jws.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                return malformed("서명되지 않은 내용이 함께 있습니다.", "It holds something beside the signed content.");
            }
        }
        return read(
                jws.path("protected").asText(),
                jws.path("payload").asText(),
                jws.path("signature").asText());
    }

    static SealBytes read(String header, String payload, String signature) {
        try {
            @Nullable JsonNode protectedHeader = StrictJson.object(decode(header));
            if (protectedHeader == null
                    || !protectedHeader.path("alg").asText().equals("ES256")
                    || PLACES.stream().anyMatch(protectedHeader::has)) {
                return malformed("봉인의 머리글이 정해진 형식이 아닙니다.", "The header of its signature is not of the form of a seal.");
            }
            List<X509Certificate> chain = chain(protectedHeader.path("x5c"));
            byte[] raw = decode(signature);
            decode(payload);
            if (chain.isEmpty() || raw.length != SIGNATURE_BYTES) {
                return malformed("서명자의 인증서나 서명이 없습니다.", "Its signer's certificate or its signature is missing.");
            }
            Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
            verifier.initVerify(chain.getFirst().getPublicKey());
            verifier.update((header + "." + payload).getBytes(US_ASCII));
            JsonNode issued = protectedHeader.path("iat");
            return new SealBytes.Signed(
                    chain.getFirst(),
                    chain,
                    verifies(verifier, raw),
                    true,
                    issued.canConvertToLong() && issued.asLong() > 0
                            ? Optional.of(
                                    Instant.ofEpochSecond(Math.min(issued.asLong(), Instant.MAX.getEpochSecond())))
                            : Optional.empty());
        } catch (GeneralSecurityException | IllegalArgumentException broken) {
            return malformed("봉인을 읽을 수 없습니다.", "Its signature cannot be read.");
        }
    }

    private static boolean verifies(Signature verifier, byte[] signature) {
        try {
            return verifier.verify(signature);
        } catch (GeneralSecurityException broken) {
            return false;
        }
    }

    private static List<X509Certificate> chain(JsonNode x5c) throws GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>();
        if (x5c.isArray() && x5c.size() <= MOST_CERTIFICATES) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (JsonNode certificate : x5c) {
                chain.add((X509Certificate) factory.generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(certificate.asText()))));
            }
        }
        return chain;
    }

    /** What is signed; the caller has read it before. */
    static byte[] payload(byte[] file) {
        @Nullable JsonNode jws = StrictJson.object(file);
        return jws == null ? new byte[0] : decode(jws.path("payload").asText());
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    private static SealBytes malformed(String ko, String en) {
        return new SealBytes.Malformed(new Text(ko, en));
    }
}
