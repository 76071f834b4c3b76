package city.madang.bench.payments;

import city.madang.contracts.Bytes32;
import city.madang.contracts.HoldAuthorisation;
import city.madang.contracts.HoldCapture;
import city.madang.contracts.PayAuthorisation;
import city.madang.kit.p256.P256;
import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/** An account with its key and the next of its nonces. */
record Purse(Bytes32 account, PrivateKey key, ECPublicKey publicKey, AtomicLong nonces) {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long VALID_SECONDS = 24 * 3600;

    static Purse fresh() {
        try {
            var generator = P256.isFast()
                    ? KeyPairGenerator.getInstance("EC", AmazonCorrettoCryptoProvider.INSTANCE)
                    : KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            var id = new byte[32];
            RANDOM.nextBytes(id);
            return new Purse(Bytes32.of(id), pair.getPrivate(), (ECPublicKey) pair.getPublic(), new AtomicLong());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no P-256", impossible);
        }
    }

    Bytes32 x() {
        return Bytes32.of(publicKey.getW().getAffineX());
    }

    Bytes32 y() {
        return Bytes32.of(publicKey.getW().getAffineY());
    }

    /**
     * A signed payment.
     *
     * @param id the authorisation's
     * @param json as the service takes it, on one line
     */
    record Signed(Bytes32 id, String json) {}

    /** A payment at once of no bill. */
    Signed pay(Bytes32 to, long amount, Bytes32 separator) {
        return pay(to, amount, Bytes32.ZERO, separator);
    }

    Signed pay(Bytes32 to, long amount, Bytes32 billHash, Bytes32 separator) {
        var pay = next(to, amount, billHash);
        return new Signed(pay.id(separator), json(pay, pay.message(separator), ""));
    }

    /** Money that is held until a second for its payee's key to take. */
    Signed hold(Bytes32 to, long amount, long until, Bytes32 separator) {
        var pay = next(to, amount, Bytes32.ZERO);
        var hold = new HoldAuthorisation(
                account, 1, to, to, amount, Bytes32.ZERO, pay.nonce(), pay.validAfter(), pay.validBefore());
        var terms = ",\"capturer\":\"%s\",\"hold_until\":%d".formatted(to.hex(), until);
        return new Signed(hold.id(separator), json(pay, hold.message(separator), terms));
    }

    /** What this purse's key takes of a hold, JSON. */
    String capture(Bytes32 hold, long amount, Bytes32 separator) {
        var signature = P256.sign(key, new HoldCapture(hold, 1, amount).message(separator));
        return "{\"amount\":%d,\"key_version\":1,\"signature\":\"%s\"}"
                .formatted(amount, BASE64.encodeToString(signature));
    }

    private PayAuthorisation next(Bytes32 to, long amount, Bytes32 billHash) {
        var now = Instant.now().getEpochSecond();
        var nonce = BigInteger.valueOf(nonces.getAndIncrement());
        return new PayAuthorisation(account, 1, to, amount, billHash, nonce, now - 60, now + VALID_SECONDS);
    }

    /** @param terms members beside what is signed, each with a comma before it */
    private String json(PayAuthorisation pay, byte[] message, String terms) {
        return """
                {"from":"%s","key_version":1,"to":"%s","amount":%d,"bill_hash":"%s","nonce":"%d","valid_after":%d,"valid_before":%d,"signature":"%s"%s}"""
                .formatted(
                        account.hex(),
                        pay.to().hex(),
                        pay.amount(),
                        pay.billHash().hex(),
                        pay.nonce(),
                        pay.validAfter(),
                        pay.validBefore(),
                        BASE64.encodeToString(P256.sign(key, message)),
                        terms);
    }

    /** Holds a private key. */
    @Override
    public String toString() {
        return account.hex();
    }
}
