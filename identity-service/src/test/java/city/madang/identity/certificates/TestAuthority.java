package city.madang.identity.certificates;

import city.madang.identity.jose.Malformed;
import city.madang.identity.mdoc.TestMdocs;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests, whose certificates can be wrong in one way each. */
public final class TestAuthority {

    private final String name;
    private final KeyPair key = TestMdocs.newKey();
    private final X509Certificate certificate;

    public TestAuthority(String name) {
        this.name = name;
        this.certificate = new Wanted(name, key).asCa().signedBy(this);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** A leaf as it should be, valid for a day. */
    public X509Certificate issue(String subject, KeyPair subjectKey) {
        return new Wanted(subject, subjectKey).signedBy(this);
    }

    /** What somebody trusts who trusts this authority alone. */
    public Signer signer(Object x5c, Signer.OtherIssuer as) throws Malformed {
        return new Signer(CertificatePath.leafOf(x5c, Set.of(certificate), Instant.now()), as);
    }

    public static List<String> x5c(X509Certificate... chain) {
        return java.util.Arrays.stream(chain)
                .map(each -> Base64.getEncoder().encodeToString(der(each)))
                .toList();
    }

    public static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A certificate that is wanted; each change makes another. */
    public record Wanted(String subject, KeyPair key, boolean isCa, int usage, Instant from, Instant until) {

        public Wanted(String subject, KeyPair key) {
            this(
                    subject,
                    key,
                    false,
                    KeyUsage.digitalSignature,
                    Instant.now().minus(Duration.ofHours(1)),
                    Instant.now().plus(Duration.ofDays(1)));
        }

        public Wanted asCa() {
            return new Wanted(subject, key, true, KeyUsage.keyCertSign | KeyUsage.digitalSignature, from, until);
        }

        public Wanted withUsage(int newUsage) {
            return new Wanted(subject, key, isCa, newUsage, from, until);
        }

        public Wanted between(Instant newFrom, Instant newUntil) {
            return new Wanted(subject, key, isCa, usage, newFrom, newUntil);
        }

        public X509Certificate signedBy(TestAuthority authority) {
            return signedBy(authority.name, authority.key);
        }

        public X509Certificate selfSigned() {
            return signedBy(subject, key);
        }

        /** By a key that may be a leaf's. */
        public X509Certificate signedBy(String issuer, KeyPair issuerKey) {
            try {
                var builder = new JcaX509v3CertificateBuilder(
                        new X500Name(issuer),
                        BigInteger.valueOf(System.nanoTime()),
                        Date.from(from),
                        Date.from(until),
                        new X500Name(subject),
                        key.getPublic());
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isCa));
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
                builder.addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuerKey.getPublic()));
                return new JcaX509CertificateConverter()
                        .getCertificate(builder.build(
                                new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate())));
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
