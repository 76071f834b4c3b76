package city.madang.kit.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A security module behind PKCS #11, through the JDK's own provider: P-256 keys that are made in it and never leave it, and one AES key
 * that closes and opens bytes. Its key store wants a certificate beside each private key; those here are self-signed, carry the public key
 * and say nothing else.
 */
public final class Token {

    private static final String PROVIDER = "SunPKCS11";
    private static final String STORE = "PKCS11";
    private static final String ECDSA = "SHA256withECDSAinP1363Format";
    private static final String AES = "AES";
    private static final String GCM = "AES/GCM/NoPadding";
    private static final int AES_BITS = 256;
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int SERIAL_BITS = 120;
    private static final long YEARS_IN_DAYS = 36_500;

    private final Provider provider;
    private final char[] pin;
    private final KeyStore store;
    private final SecureRandom random = new SecureRandom();

    /** A key of the module with its public part. */
    record Pair(PrivateKey privateKey, PublicKey publicKey) {}

    private Token(Provider provider, char[] pin, KeyStore store) {
        this.provider = provider;
        this.pin = pin;
        this.store = store;
    }

    /** @throws IllegalStateException with a sentence for who configures it */
    static Token open(KeySettings.Pkcs11 settings) {
        String library = settings.library()
                .orElseThrow(() -> new IllegalStateException("madang.keys.pkcs11.library is needed"))
                .toString();
        char[] pin = settings.pin()
                .orElseThrow(() -> new IllegalStateException("madang.keys.pkcs11.pin is needed"))
                .toCharArray();
        String slot = settings.slot().isPresent() ? "slot = " + settings.slot().getAsLong() : "slotListIndex = 0";
        // keys made here can be neither read nor taken out, also while they belong to no more than a session
        String configuration =
                """
                --name = madang
                library = "%s"
                %s
                attributes(generate, CKO_PRIVATE_KEY, CKK_EC) = {
                  CKA_SENSITIVE = true
                  CKA_EXTRACTABLE = false
                }
                attributes(generate, CKO_SECRET_KEY, CKK_AES) = {
                  CKA_SENSITIVE = true
                  CKA_EXTRACTABLE = false
                }
                """
                        .formatted(library, slot);
        try {
            Provider provider = Security.getProvider(PROVIDER).configure(configuration);
            KeyStore store = KeyStore.getInstance(STORE, provider);
            store.load(null, pin);
            return new Token(provider, pin, store);
        } catch (IOException | GeneralSecurityException | RuntimeException failed) {
            throw new IllegalStateException(
                    "the security module behind " + library + " does not open: " + failed.getMessage(), failed);
        }
    }

    /**
     * Does something while neither a thread nor another process that shares the folder does: modules let several keys have one label, so keys
     * are made like this.
     */
    public <T> T alone(Path folder, Supplier<T> work) {
        synchronized (this) {
            try {
                Files.createDirectories(folder);
                try (FileChannel channel = FileChannel.open(
                                folder.resolve(".making"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var lock = channel.lock()) {
                    return work.get();
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** Sees what other processes have made and destroyed since. */
    public void look() {
        try {
            store.load(null, pin);
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException("the security module does not answer", failed);
        }
    }

    @Nullable
    Pair pair(String label) {
        try {
            return store.getKey(label, null) instanceof PrivateKey key
                    ? new Pair(key, store.getCertificate(label).getPublicKey())
                    : null;
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("the security module does not give key " + label, failed);
        }
    }

    /** Makes a P-256 key. The caller makes sure that there is none of that label. */
    Pair createPair(String label) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            X509Certificate certificate = certificate(label, pair);
            store.setKeyEntry(label, pair.getPrivate(), null, new X509Certificate[] {certificate});
            look();
            Pair made = pair(label);
            if (made == null) {
                throw new IllegalStateException("the security module has not kept key " + label);
            }
            return made;
        } catch (GeneralSecurityException | OperatorCreationException failed) {
            throw new IllegalStateException("the security module makes no key " + label, failed);
        }
    }

    /** {@code r ‖ s} over SHA-256. */
    byte[] sign(PrivateKey key, byte[] message) {
        try {
            Signature signature = Signature.getInstance(ECDSA, provider);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("the security module does not sign", failed);
        }
    }

    /** The AES key of that label, if there is one. */
    public @Nullable SecretKey secret(String label) {
        try {
            return store.getKey(label, null) instanceof SecretKey key ? key : null;
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("the security module does not give key " + label, failed);
        }
    }

    /** Makes an AES-256 key. The caller makes sure that there is none of that label. */
    public SecretKey createSecret(String label) {
        try {
            KeyGenerator generator = KeyGenerator.getInstance(AES, provider);
            generator.init(AES_BITS);
            store.setEntry(label, new KeyStore.SecretKeyEntry(generator.generateKey()), null);
            look();
            SecretKey made = secret(label);
            if (made == null) {
                throw new IllegalStateException("the security module has not kept key " + label);
            }
            return made;
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("the security module makes no key " + label, failed);
        }
    }

    /** Labels of keys that begin so. */
    public List<String> labels(String prefix) {
        try {
            return Collections.list(store.aliases()).stream()
                    .filter(label -> label.startsWith(prefix))
                    .toList();
        } catch (KeyStoreException failed) {
            throw new IllegalStateException("the security module does not list its keys", failed);
        }
    }

    /** Destroys a key for ever; harmless when there is none. */
    public void destroy(String label) {
        try {
            if (store.containsAlias(label)) {
                store.deleteEntry(label);
            }
        } catch (KeyStoreException failed) {
            throw new IllegalStateException("the security module does not destroy key " + label, failed);
        }
    }

    /** AES-GCM in the module: a fresh nonce of 12 bytes, the text, a tag of 16. */
    public byte[] close(SecretKey key, byte[] context, byte[] plain) {
        byte[] nonce = new byte[IV_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] text = cipher(Cipher.ENCRYPT_MODE, key, nonce, context).doFinal(plain);
            byte[] closed = new byte[IV_BYTES + text.length];
            System.arraycopy(nonce, 0, closed, 0, IV_BYTES);
            System.arraycopy(text, 0, closed, IV_BYTES, text.length);
            return closed;
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("the security module does not encrypt", failed);
        }
    }

    /** @throws IllegalStateException if it was altered or closed in another context */
    public byte[] open(SecretKey key, byte[] context, byte[] closed) {
        if (closed.length < IV_BYTES) {
            throw new IllegalStateException("too short to have been closed here");
        }
        byte[] nonce = Arrays.copyOf(closed, IV_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, context).doFinal(closed, IV_BYTES, closed.length - IV_BYTES);
        } catch (GeneralSecurityException | RuntimeException failed) {
            throw new IllegalStateException("altered, or closed by another key", failed);
        }
    }

    private Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(GCM, provider);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    private X509Certificate certificate(String label, KeyPair pair)
            throws OperatorCreationException, GeneralSecurityException {
        var name =
                new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, label).build();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var holder = new JcaX509v3CertificateBuilder(
                        name,
                        new BigInteger(SERIAL_BITS, random),
                        Date.from(now),
                        Date.from(now.plus(YEARS_IN_DAYS, ChronoUnit.DAYS)),
                        name,
                        pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .setProvider(provider)
                        .build(pair.getPrivate()));
        return new JcaX509CertificateConverter().getCertificate(holder);
    }
}
