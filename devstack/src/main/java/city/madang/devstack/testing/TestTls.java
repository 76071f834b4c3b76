package city.madang.devstack.testing;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA of its own, and server certificates that it issues, as PEM files. */
public final class TestTls {

    private final Path folder;
    private final KeyPair key = newKey();
    private final X500Name name;

    public TestTls(Path folder, String name) throws Exception {
        this.folder = folder;
        this.name = new X500Name("CN=" + name);
        JcaX509v3CertificateBuilder builder = builder(this.name, key);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        write(
                ca(),
                "CERTIFICATE",
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                        .getEncoded());
    }

    public Path ca() {
        return folder.resolve(name + ".ca.pem");
    }

    public Path certificate() {
        return folder.resolve(name + ".pem");
    }

    public Path privateKey() {
        return folder.resolve(name + ".key");
    }

    /** For these host names. */
    public TestTls issue(String... hosts) throws Exception {
        KeyPair leaf = newKey();
        JcaX509v3CertificateBuilder builder = builder(new X500Name("CN=" + hosts[0]), leaf);
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(Arrays.stream(hosts)
                        .map(host -> new GeneralName(GeneralName.dNSName, host))
                        .toArray(GeneralName[]::new)));
        write(
                certificate(),
                "CERTIFICATE",
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                        .getEncoded());
        write(privateKey(), "PRIVATE KEY", leaf.getPrivate().getEncoded());
        return this;
    }

    private JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair subjectKey) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(1, ChronoUnit.HOURS)),
                Date.from(now.plus(1, ChronoUnit.DAYS)),
                subject,
                subjectKey.getPublic());
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void write(Path file, String type, byte[] der) throws Exception {
        Files.writeString(
                file,
                "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type
                        + "-----\n");
    }
}
