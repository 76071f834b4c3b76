package city.madang.tlog;

import city.madang.tlog.note.VerifierKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;

/** A key pair of a log or a witness. */
public record TestKey(VerifierKey key, PrivateKey secret) {

    public static TestKey make(String name, VerifierKey.Kind kind) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(kind.algorithm()).generateKeyPair();
            return new TestKey(VerifierKey.of(name, kind, pair.getPublic()), pair.getPrivate());
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(key.kind().algorithm());
            signature.initSign(secret);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
