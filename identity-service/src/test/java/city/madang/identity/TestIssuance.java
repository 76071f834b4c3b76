package city.madang.identity;

import static io.restassured.RestAssured.given;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.mdoc.MdocIssuer;
import city.madang.identity.mdoc.SessionTranscripts;
import city.madang.identity.mdoc.TestMdocs;
import city.madang.kit.keys.Keyring;
import com.authlete.sd.Disclosure;
import com.authlete.sd.SDJWT;
import com.authlete.sd.SDObjectBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Credentials with whatever in them, signed by the key of city-hall itself: what an issuer gone bad could make. */
record TestIssuance(Keyring keyring, TestWallet wallet) {

    static final String DOCTYPE = "city.madang.residency.1";

    static List<String> chain(String agency, String purpose) {
        return given().get("/identity/agencies/" + agency)
                .then()
                .statusCode(200)
                .extract()
                .path("certificates.find { it.purpose == '" + purpose + "' }.x5c");
    }

    private UnaryOperator<byte[]> cityHall(String purpose) {
        return input -> keyring.sign("agency/city-hall/" + purpose, input);
    }

    /** An SD-JWT VC of the residency; {@code header} and {@code claims} come on top of what belongs there. */
    String residency(Map<String, Object> header, Map<String, Object> claims) {
        return residency("credential-issuer", header, claims);
    }

    /** With the key for this purpose, right or wrong. */
    String residency(String purpose, Map<String, Object> header, Map<String, Object> claims) {
        SDObjectBuilder builder = new SDObjectBuilder();
        List<Disclosure> disclosures =
                List.of(builder.putSDClaim("street_address", "마당로 9"), builder.putSDClaim("district", "중구"));
        builder.putClaim("vct", TestWallet.ISSUER + "/vct/residency");
        builder.putClaim("exp", Instant.now().plusSeconds(3600).getEpochSecond());
        builder.putClaim("cnf", Map.of("jwk", wallet.key.toPublicJWK().toJSONObject()));
        claims.forEach(builder::putClaim);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("alg", "ES256");
        all.put("typ", "dc+sd-jwt");
        all.put("x5c", chain("city-hall", purpose));
        all.putAll(header);
        return new SDJWT(CompactJws.sign(all, builder.build(), cityHall(purpose)), disclosures).toString();
    }

    /** {@code IssuerSigned} of the residency as an mdoc. */
    byte[] card() {
        return card("document-signer");
    }

    /** With the key for this purpose, right or wrong. */
    byte[] card(String purpose) {
        try {
            return MdocIssuer.issue(
                    new MdocIssuer.Order(
                            DOCTYPE,
                            Map.of(DOCTYPE, Map.of("district", "중구", "family_name", "김")),
                            PublicJwk.of(wallet.key.toECPublicKey()),
                            chain("city-hall", purpose).stream()
                                    .map(Base64.getDecoder()::decode)
                                    .toList(),
                            Instant.now(),
                            Instant.now(),
                            Instant.now().plus(Duration.ofDays(1)),
                            null),
                    cityHall(purpose));
        } catch (com.nimbusds.jose.JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The card's district, shown to this request. */
    String shown(byte[] card, TestVerification asked) {
        try {
            Map<?, ?> metadata = (Map<?, ?>) asked.request().get("client_metadata");
            byte[] thumbprint = metadata.containsKey("jwks")
                    ? asked.encryptionKey().computeThumbprint().decode()
                    : null;
            byte[] transcript = SessionTranscripts.openId4Vp(asked.clientId(), asked.nonce(), thumbprint, (String)
                    asked.request().get("response_uri"));
            return Base64Url.encode(TestMdocs.present(
                    card, Map.of(DOCTYPE, Set.of("district")), transcript, wallet.key.toECPrivateKey()));
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
