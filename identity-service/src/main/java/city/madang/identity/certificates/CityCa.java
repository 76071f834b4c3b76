package city.madang.identity.certificates;

import city.madang.identity.did.AgencyDid;
import city.madang.identity.settings.IdentitySettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certifies agencies' keys with the city's agency CA (RFC 5280). Blocking. */
@ApplicationScoped
public class CityCa {

    /** RFC 5280 §4.1.2.2 allows up to 20 octets; the first bit stays clear so that the number is positive. */
    private static final int SERIAL_BITS = 159;

    private static final int VALID_DAYS = 730;

    /** Clocks of those who verify may lag behind. */
    static final int BACKDATED_MINUTES = 5;

    private final IdentitySettings settings;

    CityCa(IdentitySettings settings) {
        this.settings = settings;
    }

    /**
     * @param der leaf, then the intermediate
     * @param notAfter of the leaf
     */
    record Issued(List<byte[]> der, Instant notAfter) {}

    /** @param held whether this service holds the key; a key of the agency's own speaks for the agency, not for the city's host */
    Issued issue(String agency, String name, Purpose purpose, PublicKey key, boolean held) {
        try {
            X509Certificate issuer = certificate(settings.ca().certificate());
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            issuer.checkValidity(Date.from(now));
            Instant notAfter = earlier(
                    now.plus(VALID_DAYS, ChronoUnit.DAYS), issuer.getNotAfter().toInstant());
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
                    serial(),
                    Date.from(now.minus(BACKDATED_MINUTES, ChronoUnit.MINUTES)),
                    Date.from(notAfter),
                    subject(agency, name, purpose),
                    key);
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            if (purpose == Purpose.CREDENTIAL_ISSUER) {
                // how the issuer is reached; mdocs were signed with these before the city had an IACA (ISO/IEC 18013-5
                // table B.3)
                builder.addExtension(Extension.issuerAlternativeName, false, city());
            } else {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            }
            builder.addExtension(Extension.keyUsage, true, usage(purpose));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(issuer));
            builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
            if (purpose == Purpose.CREDENTIAL_ISSUER || purpose == Purpose.VERIFIER) {
                builder.addExtension(Extension.subjectAlternativeName, false, held ? names(purpose) : ownNames(agency));
            }
            X509CertificateHolder leaf = builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                    .build(privateKey(settings.ca().key())));
            return new Issued(List.of(leaf.getEncoded(), issuer.getEncoded()), notAfter);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException | OperatorCreationException broken) {
            throw new IllegalStateException("the agency CA cannot issue", broken);
        }
    }

    /** Values are encoded, never read as text: Bouncy Castle takes {@code #0c03…} for DER and drops a leading backslash. */
    private X500Name subject(String agency, String name, Purpose purpose) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        if (purpose == Purpose.TRUST_LIST) {
            // ETSI TS 119 602 §6.8: country and organisation are those of the list's operator
            subject.addRDN(
                            BCStyle.C,
                            new DERPrintableString(settings.trustList().territory()))
                    .addRDN(BCStyle.O, new DERUTF8String(shortened(name)));
        } else {
            if (purpose == Purpose.CREDENTIAL_ISSUER) {
                // mdocs were signed with these before the city had an IACA (ISO/IEC 18013-5 table B.3)
                subject.addRDN(
                        BCStyle.C, new DERPrintableString(settings.trustList().territory()));
            }
            subject.addRDN(BCStyle.O, new DERUTF8String(agency));
        }
        return subject.addRDN(BCStyle.CN, new DERUTF8String(shortened(name))).build();
    }

    /** Whether the certificate says this name, byte for byte. */
    boolean isNamed(byte[] leaf, String agency, String name, Purpose purpose) {
        try {
            return Arrays.equals(
                    new X509CertificateHolder(leaf).getSubject().getEncoded(),
                    subject(agency, name, purpose).getEncoded());
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    private static KeyUsage usage(Purpose purpose) {
        return new KeyUsage(
                purpose == Purpose.RECORD_SEAL
                        ? KeyUsage.digitalSignature | KeyUsage.nonRepudiation
                        : KeyUsage.digitalSignature);
    }

    private GeneralNames city() {
        return new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, settings.origin()));
    }

    /** Issuers are also named by the URI that stands as {@code iss} in their credentials. */
    private GeneralNames names(Purpose purpose) {
        GeneralName host = new GeneralName(
                GeneralName.dNSName, URI.create(settings.origin()).getHost());
        return purpose == Purpose.VERIFIER
                ? new GeneralNames(host)
                : new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.uniformResourceIdentifier, settings.issuer()), host
                });
    }

    /**
     * With the city's host in it, the agency could pass for the city (OpenID4VP 1.0 §5.9.3, x509_san_dns) and for its issuer: so
     * its DID alone.
     */
    private GeneralNames ownNames(String agency) {
        return new GeneralNames(
                new GeneralName(GeneralName.uniformResourceIdentifier, AgencyDid.of(settings.origin(), agency)));
    }

    /** At random: no shorter than any reader of mdocs wants (ISO/IEC 18013-5 tables B.1 and B.3). */
    static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
    }

    /** RFC 5280 ub-common-name. */
    static String shortened(String name) {
        int longest = 64;
        return name.length() <= longest
                ? name
                : name.substring(0, name.offsetByCodePoints(0, name.codePointCount(0, longest - 1)));
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (Reader text = Files.newBufferedReader(file);
                PEMParser pem = new PEMParser(text)) {
            if (pem.readObject() instanceof X509CertificateHolder holder) {
                return new JcaX509CertificateConverter().getCertificate(holder);
            }
            throw new IllegalStateException(file.getFileName() + " holds no certificate");
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file);
                PEMParser pem = new PEMParser(text)) {
            if (pem.readObject() instanceof PrivateKeyInfo key) {
                return new JcaPEMKeyConverter().getPrivateKey(key);
            }
            throw new IllegalStateException(file.getFileName() + " holds no PKCS#8 key");
        }
    }

    static boolean isP256(PublicKey key) {
        return key instanceof ECPublicKey ec
                && ec.getParams().getOrder().bitLength() == 256
                && city.madang.kit.p256.P256.onCurve(
                        ec.getW().getAffineX(), ec.getW().getAffineY());
    }
}
