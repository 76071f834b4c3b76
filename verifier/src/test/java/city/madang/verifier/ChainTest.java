package city.madang.verifier;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** Of the certificates below the city's root, which may sign the trust list. */
class ChainTest {

    private static final String CITY = "C=KR,O=City Hall,CN=City Hall";

    private static X509Certificate certificate(String subject, int usage, boolean named) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=Agencies"),
                BigInteger.ONE,
                Date.from(now),
                Date.from(now.plus(Duration.ofDays(1))),
                new X500Name(subject),
                pair.getPublic());
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        if (named) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(
                            new GeneralName(GeneralName.uniformResourceIdentifier, "did:web:city.example:transport")));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }

    @Test
    void only_the_citys_key_for_it_signs_the_trust_list() throws Exception {
        assertTrue(Chain.isTrustList(certificate(CITY, KeyUsage.digitalSignature, false)));
        assertFalse(
                Chain.isTrustList(certificate(CITY, KeyUsage.digitalSignature, true)),
                "an issuer names its country too");
        assertFalse(Chain.isTrustList(certificate("O=transport,CN=T", KeyUsage.digitalSignature, true)), "a verifier");
        assertFalse(
                Chain.isTrustList(certificate(CITY, KeyUsage.digitalSignature | KeyUsage.nonRepudiation, false)),
                "a seal");
    }
}
