package city.madang.identity;

import city.madang.devstack.testing.TestTls;
import city.madang.identity.mdoc.TestMdocs;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Certificates and keys of a state outside the city as PEM files: a CA and a signer for its PID, an IACA with a document signer and a
 * signer of revocation lists (ISO/IEC 18013-5 tables B.1, B.3, B.9), and a host with TLS. In files, because the service that is
 * told of the CAs starts before the tests do, and in a class loader of its own.
 */
record StateIssuer(Path folder) {

    /** {@code id-mdl-kp-mdlDS} (ISO/IEC 18013-5 B.1.4). */
    private static final String DOCUMENT_SIGNER = "1.0.18013.5.1.2";

    static final String PID = "pid";
    static final String DOCUMENTS = "documents";
    static final String LISTS = "lists";

    static StateIssuer create() {
        try {
            StateIssuer made = new StateIssuer(Files.createTempDirectory("state"));
            made.write();
            TestTls tls = new TestTls(made.folder, "host").issue("localhost");
            Files.move(tls.ca(), made.hostCa());
            Files.move(tls.certificate(), made.hostCertificate());
            Files.move(tls.privateKey(), made.hostKey());
            return made;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Path pidCa() {
        return folder.resolve("pid-ca.pem");
    }

    Path iaca() {
        return folder.resolve("iaca.pem");
    }

    Path hostCa() {
        return folder.resolve("host-ca.pem");
    }

    private Path hostCertificate() {
        return folder.resolve("host.pem");
    }

    private Path hostKey() {
        return folder.resolve("host.key");
    }

    LocalHost host() throws Exception {
        return new LocalHost("localhost", hostCertificate(), hostKey(), hostCa());
    }

    /** DER of the one certificate that goes into {@code x5c} or {@code x5chain}. */
    byte[] certificate(String signer) {
        try {
            return ((X509CertificateHolder) pem(signer + ".pem")).getEncoded();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    PrivateKey key(String signer) {
        try {
            return new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) pem(signer + ".key"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void write() throws Exception {
        KeyPair pidKey = TestMdocs.newKey();
        X500Name pid = new X500Name("C=ZZ,CN=PID CA");
        authority(pidCa(), pid, pidKey);
        signer(PID, pid, pidKey, new X500Name("C=ZZ,CN=PID"), "");
        KeyPair iacaKey = TestMdocs.newKey();
        X500Name iaca = new X500Name("C=ZZ,ST=Somewhere,O=Ministry of Transport,CN=IACA");
        authority(iaca(), iaca, iacaKey);
        for (String each : new String[] {DOCUMENTS, LISTS}) {
            X500Name subject = new X500Name("C=ZZ,ST=Somewhere,O=Ministry of Transport,CN=" + each);
            signer(each, iaca, iacaKey, subject, each);
        }
    }

    private static void authority(Path file, X500Name name, KeyPair key) throws Exception {
        JcaX509v3CertificateBuilder builder = builder(name, name, key);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.issuerAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.rfc822Name, "office@state.example")));
        Files.writeString(file, text(signed(builder, key)));
    }

    private void signer(String file, X500Name issuer, KeyPair issuerKey, X500Name subject, String profile)
            throws Exception {
        KeyPair key = TestMdocs.newKey();
        JcaX509v3CertificateBuilder builder = builder(issuer, subject, key);
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuerKey.getPublic()));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        switch (profile) {
            case DOCUMENTS -> {
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        true,
                        new ExtendedKeyUsage(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(DOCUMENT_SIGNER))));
                builder.addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                    new DistributionPoint(
                            new DistributionPointName(new GeneralNames(new GeneralName(
                                    GeneralName.uniformResourceIdentifier, "http://state.example/iaca.crl"))),
                            null,
                            null)
                }));
            }
            case LISTS -> {}
            default -> builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        }
        Files.writeString(folder.resolve(file + ".pem"), text(signed(builder, issuerKey)));
        Files.writeString(
                folder.resolve(file + ".key"),
                text(new PemObject("PRIVATE KEY", key.getPrivate().getEncoded())));
    }

    private static JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair key)
            throws Exception {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(400))),
                subject,
                key.getPublic());
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key.getPublic()));
        return builder;
    }

    private static X509CertificateHolder signed(JcaX509v3CertificateBuilder builder, KeyPair key) throws Exception {
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()));
    }

    private Object pem(String file) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(Files.readString(folder.resolve(file))))) {
            return parser.readObject();
        }
    }

    private static String text(Object pem) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(pem);
        }
        return text.toString();
    }
}
