package city.madang.kit.p256;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class P256Test {

    private static final BigInteger N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final byte[] MESSAGE = "pay".getBytes(StandardCharsets.UTF_8);
    private static KeyPair pair;
    private static byte[] signature;

    @BeforeAll
    static void sign() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        pair = generator.generateKeyPair();
        Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
        signer.initSign(pair.getPrivate());
        signer.update(MESSAGE);
        signature = signer.sign();
    }

    /** Null stands for the JDK's own. */
    private static List<Provider> providers() {
        List<Provider> providers = new ArrayList<>();
        providers.add(null);
        if (P256.Fast.PROVIDER != null) {
            providers.add(P256.Fast.PROVIDER);
        }
        return providers;
    }

    @Test
    void the_fast_provider_loads_on_linux_x86_64() {
        boolean covered = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        assertEquals(covered, P256.Fast.PROVIDER != null, P256.provider());
    }

    @Test
    void every_provider_accepts_the_same_and_refuses_the_same() {
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        byte[] flipped = signature.clone();
        flipped[40] ^= 1;
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        byte[] malleated = Arrays.copyOf(signature, 64);
        byte[] other = N.subtract(s).toByteArray();
        Arrays.fill(malleated, 32, 64, (byte) 0);
        int length = Math.min(32, other.length);
        System.arraycopy(other, other.length - length, malleated, 64 - length, length);
        byte[] zeros = new byte[64];
        byte[] tooLargeR = signature.clone();
        Arrays.fill(tooLargeR, 0, 32, (byte) 0xff);
        for (Provider provider : providers()) {
            assertTrue(P256.verify(provider, key, MESSAGE, signature));
            assertTrue(P256.verify(provider, key, MESSAGE, malleated), "n-s is valid too, so nothing may hang on it");
            assertFalse(P256.verify(provider, key, MESSAGE, flipped));
            assertFalse(P256.verify(provider, key, "paid".getBytes(StandardCharsets.UTF_8), signature));
            assertFalse(P256.verify(provider, key, MESSAGE, zeros), "CVE-2022-21449");
            assertFalse(P256.verify(provider, key, MESSAGE, tooLargeR));
            assertFalse(P256.verify(provider, key, MESSAGE, Arrays.copyOf(signature, 63)));
            assertFalse(P256.verify(provider, key, MESSAGE, Arrays.copyOf(signature, 65)));
            assertFalse(P256.verify(provider, key, MESSAGE, new byte[0]));
        }
    }

    @Test
    void a_point_off_the_curve_is_no_key() {
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        BigInteger x = key.getW().getAffineX();
        BigInteger y = key.getW().getAffineY();
        BigInteger p = ((ECFieldFp) key.getParams().getCurve().getField()).getP();
        for (Provider provider : providers()) {
            assertEquals(key.getW(), P256.publicKey(provider, x, y).getW());
            assertEquals(
                    p.subtract(y),
                    P256.publicKey(provider, x, p.subtract(y)).getW().getAffineY());
            refused(provider, BigInteger.ZERO, BigInteger.ZERO);
            refused(provider, x.negate(), y);
            refused(provider, x.add(p), y);
            refused(provider, x, y.add(p));
            refused(provider, p, y);
            refused(provider, x, BigInteger.ONE.shiftLeft(300));
            for (int bit = 0; bit < 256; bit++) {
                refused(provider, x, y.flipBit(bit));
            }
        }
    }

    private static void refused(Provider provider, BigInteger x, BigInteger y) {
        assertThrows(IllegalArgumentException.class, () -> P256.publicKey(provider, x, y));
    }
}
