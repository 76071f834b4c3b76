package city.madang.devstack.ca;

import city.madang.devstack.process.Secrets;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/**
 * Certificates of a development stack, as PEM files in one folder; private keys are PKCS#8, mode 600. A certificate that
 * ends soon is made anew when the stack starts.
 *
 * @param folder where the files are
 */
public record DevelopmentCa(Path folder) {

    public static final String ROOT_NAME = "Madang Development Root CA";
    public static final String AGENCY_NAME = "Madang Development Agency CA";
    public static final String WALLET_PROVIDER_NAME = "Madang Development Wallet Provider CA";

    private static final Duration ROOT_LIFE = Duration.ofDays(3650);
    private static final Duration AGENCY_LIFE = Duration.ofDays(1825);
    private static final Duration WALLET_PROVIDER_LIFE = Duration.ofDays(730);
    /** Browsers refuse TLS certificates that are valid for longer than 398 days. */
    private static final Duration TLS_LIFE = Duration.ofDays(397);

    private static final Duration RENEW_BEFORE = Duration.ofDays(30);

    /** Makes or renews what is missing or ends within 30 days. */
    public static DevelopmentCa open(Path folder, InstantSource clock) {
        var ca = new DevelopmentCa(folder.toAbsolutePath());
        try {
            ca.complete(new Issuance(clock.instant()));
            return ca;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make P-256 certificates", e);
        }
    }

    /** The root certificate: what wallets and verifiers trust. */
    public Path root() {
        return folder.resolve("root.pem");
    }

    /** Certificate of localhost, 127.0.0.1 and ::1, followed by the root. */
    public Path tlsCertificate() {
        return folder.resolve("tls.pem");
    }

    public Path tlsKey() {
        return folder.resolve("tls-key.pem");
    }

    /** The intermediate from which agencies get their certificates. */
    public Path agencyCertificate() {
        return folder.resolve("agency-ca.pem");
    }

    public Path agencyKey() {
        return folder.resolve("agency-ca-key.pem");
    }

    /**
     * A new key and certificate of the agency CA for a system of an agency, for mutual TLS; nothing of it is kept.
     *
     * @param name common name, by which Keycloak knows the system's client
     * @return in memory, one entry, without a password
     */
    public KeyStore agencySystem(String name) {
        try {
            var pair = keyPair();
            var issuer = read(agencyCertificate());
            var certificate = new Issuance(java.time.Instant.now())
                    .client(name, pair.getPublic(), issuer, readKey(agencyKey()), RENEW_BEFORE);
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(name, pair.getPrivate(), new char[0], new Certificate[] {certificate, issuer});
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make P-256 certificates", e);
        }
    }

    /** Who vouches for wallets: another party than the city, hence with a root of its own. */
    public Path walletProviderAnchor() {
        return folder.resolve("wallet-provider-ca.pem");
    }

    /** Certificate of the key that signs wallet and key attestations, without the root. */
    public Path walletProviderCertificate() {
        return folder.resolve("wallet-provider.pem");
    }

    public Path walletProviderKey() {
        return folder.resolve("wallet-provider.key");
    }

    private Path rootKey() {
        return folder.resolve("root-key.pem");
    }

    private void complete(Issuance issuance) throws IOException, GeneralSecurityException {
        var oldest = issuance.now().plus(RENEW_BEFORE);
        var newRoot = endsBefore(root(), oldest);
        if (newRoot) {
            var pair = keyPair();
            store(rootKey(), pair.getPrivate());
            Files.writeString(root(), pem(issuance.root(ROOT_NAME, pair, ROOT_LIFE)));
        }
        var rootKey = readKey(rootKey());
        var rootCertificate = read(root());
        if (newRoot || endsBefore(agencyCertificate(), oldest)) {
            var pair = keyPair();
            store(agencyKey(), pair.getPrivate());
            var certificate =
                    issuance.intermediate(AGENCY_NAME, pair.getPublic(), rootCertificate, rootKey, AGENCY_LIFE);
            Files.writeString(agencyCertificate(), pem(certificate));
        }
        if (newRoot || endsBefore(tlsCertificate(), oldest)) {
            var pair = keyPair();
            store(tlsKey(), pair.getPrivate());
            var certificate = issuance.server(pair.getPublic(), rootCertificate, rootKey, TLS_LIFE);
            Files.writeString(tlsCertificate(), pem(certificate) + pem(rootCertificate));
        }
        completeWalletProvider(issuance);
    }

    /** The root's key is not kept: when the leaf ends, both are made anew. */
    private void completeWalletProvider(Issuance issuance) throws IOException, GeneralSecurityException {
        if (!endsBefore(walletProviderCertificate(), issuance.now().plus(RENEW_BEFORE))
                && Files.exists(walletProviderAnchor())) {
            return;
        }
        var rootPair = keyPair();
        var root = issuance.root(WALLET_PROVIDER_NAME, rootPair, WALLET_PROVIDER_LIFE);
        var pair = keyPair();
        store(walletProviderKey(), pair.getPrivate());
        var leaf = issuance.attester(pair.getPublic(), root, rootPair.getPrivate(), WALLET_PROVIDER_LIFE);
        Files.writeString(walletProviderAnchor(), pem(root));
        Files.writeString(walletProviderCertificate(), pem(leaf));
    }

    private static boolean endsBefore(Path file, java.time.Instant time) throws IOException, GeneralSecurityException {
        return !Files.exists(file) || read(file).getNotAfter().toInstant().isBefore(time);
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static void store(Path file, PrivateKey key) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(key, null));
        }
        Secrets.write(file, text.toString());
    }

    private static String pem(X509Certificate certificate) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        }
        return text.toString();
    }

    /** The first certificate of a PEM file. */
    static X509Certificate read(Path file) throws IOException, GeneralSecurityException {
        return chain(file).getFirst();
    }

    /** All certificates of a PEM file. */
    static List<X509Certificate> chain(Path file) throws IOException, GeneralSecurityException {
        var found = new java.util.ArrayList<X509Certificate>();
        try (var parser = new PEMParser(new StringReader(Files.readString(file)))) {
            for (var object = parser.readObject(); object != null; object = parser.readObject()) {
                if (object instanceof X509CertificateHolder holder) {
                    found.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        }
        return found;
    }

    static PrivateKey readKey(Path file) throws IOException {
        try (var parser = new PEMParser(new StringReader(Files.readString(file)))) {
            if (parser.readObject() instanceof PrivateKeyInfo info) {
                return new JcaPEMKeyConverter().getPrivateKey(info);
            }
            throw new IOException("not a PKCS#8 private key: " + file);
        }
    }
}
