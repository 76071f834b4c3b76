package city.madang.identity.mdoc;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An issuer with a CA of its own, and a verifier that trusts this CA and nothing else. */
final class TestIssuer {

    static final String MDL = "org.iso.18013.5.1.mDL";
    static final String ISO = "org.iso.18013.5.1";
    static final String CITY = "city.madang.1";
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00.7Z");

    final KeyPair caKey = TestMdocs.newKey();
    final X509Certificate ca = certificate("CN=Root", caKey, "CN=Root", caKey, true);
    final KeyPair key = TestMdocs.newKey();
    final X509Certificate leaf = certificate("CN=Issuer", key, "CN=Root", caKey, false);

    static X509Certificate certificate(String subject, KeyPair key, String issuer, KeyPair issuerKey, boolean isCa) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(NOW.minus(30, ChronoUnit.DAYS)),
                    Date.from(NOW.plus(300, ChronoUnit.DAYS)),
                    new X500Name(subject),
                    key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isCa));
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate())));
        } catch (GeneralSecurityException
                | org.bouncycastle.operator.OperatorCreationException
                | java.io.IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    X509Certificate trusted(Object x5c) throws Malformed {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> chain = new ArrayList<>();
            for (Object text : (List<?>) x5c) {
                byte[] der = Base64.getDecoder().decode((String) text);
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
            }
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ca, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(NOW));
            CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(chain), parameters);
            return chain.getFirst();
        } catch (GeneralSecurityException untrusted) {
            throw new Malformed("untrusted");
        }
    }

    MdocIssuer.Order order(PublicJwk device) throws GeneralSecurityException {
        Map<String, Object> iso = new LinkedHashMap<>();
        iso.put("family_name", "김");
        iso.put("given_name", "마당");
        iso.put("birth_date", LocalDate.parse("1990-02-28"));
        iso.put("age_over_18", true);
        iso.put("height", 172);
        iso.put("portrait", new byte[] {1, 2, 3});
        iso.put("driving_privileges", List.of(Map.of("vehicle_category_code", "B", "sign", "=")));
        return new MdocIssuer.Order(
                MDL,
                Map.of(ISO, iso, CITY, Map.of("district", "중구")),
                device,
                List.of(leaf.getEncoded()),
                NOW,
                NOW,
                NOW.plus(14, ChronoUnit.DAYS),
                Map.of("status_list", Map.of("idx", 412, "uri", "https://city.example/lists/1")));
    }

    byte[] issue(KeyPair device) throws GeneralSecurityException {
        return issue(order(PublicJwk.of((ECPublicKey) device.getPublic())));
    }

    byte[] issue(MdocIssuer.Order order) {
        return MdocIssuer.issue(order, TestMdocs.signer(key.getPrivate()));
    }
}
