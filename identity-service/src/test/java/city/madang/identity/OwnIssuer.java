package city.madang.identity;

import com.authlete.sd.Disclosure;
import com.authlete.sd.SDJWT;
import com.authlete.sd.SDObjectBuilder;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An issuer outside of this service, written with other libraries. */
record OwnIssuer(KeyPair key, List<String> x5c) {

    String residency(ECKey holder) {
        try {
            SDObjectBuilder builder = new SDObjectBuilder();
            List<Disclosure> disclosures =
                    List.of(builder.putSDClaim("street_address", "마당로 1"), builder.putSDClaim("district", "중구"));
            Map<String, Object> claims = builder.build();
            claims.put("vct", TestWallet.ISSUER + "/vct/residency");
            claims.put("iat", Instant.now().getEpochSecond());
            claims.put("exp", Instant.now().plusSeconds(3600).getEpochSecond());
            claims.put("cnf", Map.of("jwk", holder.toPublicJWK().toJSONObject()));
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(new JOSEObjectType("dc+sd-jwt"))
                            .x509CertChain(x5c.stream().map(Base64::new).toList())
                            .build(),
                    JWTClaimsSet.parse(claims));
            jwt.sign(new ECDSASigner((ECPrivateKey) key.getPrivate()));
            return new SDJWT(jwt.serialize(), disclosures).toString();
        } catch (JOSEException | ParseException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
