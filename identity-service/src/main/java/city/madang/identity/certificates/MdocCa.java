package city.madang.identity.certificates;

import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.keys.Keyring;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/**
 * The city's CA for mdocs: makes IACA roots, certifies document signers and signers of their status lists, and signs the lists of
 * revoked ones, by the profiles of ISO/IEC 18013-5 annex B. Its keys are in the keyring. Blocking.
 */
@ApplicationScoped
public class MdocCa {

    /** {@code id-mdl-kp-mdlDS} (ISO/IEC 18013-5 table B.3). */
    static final String DOCUMENT_SIGNER = "1.0.18013.5.1.2";

    /** Table B.3 allows 457 days. */
    static final Duration VALID = Duration.ofDays(457);

    /** Table B.1 allows 20 years. */
    static final Duration ROOT_VALID = Duration.ofDays(9L * 365);

    /** From the issue of a CRL to the next (ISO/IEC 18013-5 annex B). */
    private static final Duration LONGEST_CRL = Duration.ofDays(90);

    private final Keyring keyring;
    private final IdentitySettings settings;

    MdocCa(Keyring keyring, IdentitySettings settings) {
        this.keyring = keyring;
        this.settings = settings;
    }

    void check(@Observes StartupEvent started) {
        if (settings.iaca().crlLifetime().compareTo(LONGEST_CRL) > 0) {
            throw new IllegalStateException("madang.iaca.crl-lifetime must not be more than 90 days");
        }
    }

    /** A certificate that is revoked. {@code reason} is a code of RFC 5280 §5.3.1; 0 is not written. */
    record Revoked(BigInteger serial, Instant at, int reason) {}

    /** A new root with the key of this number, made if there is none yet (table B.1). */
    X509Certificate root(int number) {
        try {
            PublicKey key = keyring.createIfAbsent(Iaca.keyId(number), Keyring.Algorithm.ES256);
            Instant from = from();
            X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(
                            BCStyle.C,
                            new DERPrintableString(settings.trustList().territory()))
                    .addRDN(
                            BCStyle.CN,
                            new DERUTF8String(
                                    CityCa.shortened(settings.trustList().locality() + " IACA " + number)))
                    .build();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name, CityCa.serial(), Date.from(from), Date.from(from.plus(ROOT_VALID)), name, key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            addCommon(builder, number, key);
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new KeyringSigner(keyring, Iaca.keyId(number))));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the IACA cannot be made", broken);
        }
    }

    /**
     * A certificate of a document signer (table B.3), or of a signer of status lists (table B.9), directly below the IACA.
     *
     * @param purpose one for which {@link Purpose#isOfIaca} holds
     */
    CityCa.Issued issue(Iaca iaca, String agency, String name, Purpose purpose, PublicKey key) {
        try {
            Instant from = from();
            Instant notAfter = CityCa.earlier(
                    from.plus(VALID), iaca.certificate().getNotAfter().toInstant());
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    subject(iaca),
                    CityCa.serial(),
                    Date.from(from),
                    Date.from(notAfter),
                    subject(iaca, agency, name),
                    key);
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            if (purpose == Purpose.DOCUMENT_SIGNER) {
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        true,
                        new ExtendedKeyUsage(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(DOCUMENT_SIGNER))));
            }
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(iaca.certificate().getPublicKey()));
            addCommon(builder, iaca.number(), key);
            X509CertificateHolder leaf = builder.build(new KeyringSigner(keyring, iaca.keyId()));
            return new CityCa.Issued(List.of(leaf.getEncoded()), notAfter);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the IACA cannot issue", broken);
        }
    }

    private void addCommon(JcaX509v3CertificateBuilder builder, int iaca, PublicKey key)
            throws IOException, GeneralSecurityException {
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
        builder.addExtension(
                Extension.issuerAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, settings.origin())));
        builder.addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
            new DistributionPoint(
                    new DistributionPointName(new GeneralNames(
                            new GeneralName(GeneralName.uniformResourceIdentifier, settings.crl(iaca)))),
                    null,
                    null)
        }));
    }

    /** The CRL (RFC 5280 §5: version 2, key identifier and number), DER. */
    byte[] crl(Iaca iaca, long number, Instant issued, Instant nextUpdate, List<Revoked> revoked) {
        try {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(subject(iaca), Date.from(issued));
            builder.setNextUpdate(Date.from(nextUpdate));
            revoked.forEach(each -> builder.addCRLEntry(each.serial(), Date.from(each.at()), each.reason()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(iaca.certificate().getPublicKey()));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
            return builder.build(new KeyringSigner(keyring, iaca.keyId())).getEncoded();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the CRL cannot be signed", broken);
        }
    }

    /** Whether the certificate says this name, and is of this IACA, byte for byte. */
    boolean isNamed(Iaca iaca, byte[] leaf, String agency, String name) {
        try {
            X509CertificateHolder certificate = new X509CertificateHolder(leaf);
            return Arrays.equals(
                            certificate.getSubject().getEncoded(),
                            subject(iaca, agency, name).getEncoded())
                    && Arrays.equals(
                            certificate.getIssuer().getEncoded(), subject(iaca).getEncoded());
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    private static X500Name subject(Iaca iaca) {
        return X500Name.getInstance(iaca.certificate().getSubjectX500Principal().getEncoded());
    }

    /** The country is the IACA's, whatever the setting says by now. */
    private static X500Name subject(Iaca iaca, String agency, String name) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(subject(iaca).getRDNs(BCStyle.C)[0].getFirst())
                .addRDN(BCStyle.O, new DERUTF8String(agency))
                .addRDN(BCStyle.CN, new DERUTF8String(CityCa.shortened(name)))
                .build();
    }

    private static Instant from() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(CityCa.BACKDATED_MINUTES, ChronoUnit.MINUTES);
    }
}
