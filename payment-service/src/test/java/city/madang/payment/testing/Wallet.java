package city.madang.payment.testing;

import city.madang.contracts.Bytes32;
import city.madang.contracts.HoldAuthorisation;
import city.madang.contracts.HoldCapture;
import city.madang.contracts.PayAuthorisation;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A wallet with one key and one account. */
public final class Wallet {

    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    public final ECKey key;
    public final String token;
    public final String account;
    private final AtomicLong nonces = new AtomicLong(1);

    private Wallet(ECKey key, String token, String account) {
        this.key = key;
        this.token = token;
        this.account = account;
    }

    /** Opens a new account. */
    public static Wallet open(String token, String subject) {
        ECKey key = newKey();
        var answer = Api.post("/payment/accounts", token, new JsonObject().put("proof", proof(key, subject)));
        if (answer.status() != 201) {
            throw new AssertionError(answer.toString());
        }
        return new Wallet(key, token, answer.json().getString("id"));
    }

    public static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    public static String proof(ECKey key, String subject) {
        return proof(
                key,
                "madang-account+jwt",
                "https://localhost:8443/payment",
                subject,
                Instant.now(),
                UUID.randomUUID().toString());
    }

    public static String proof(ECKey key, String type, String audience, String subject, Instant issued, String jti) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(new JOSEObjectType(type))
                            .jwk(key.toPublicJWK())
                            .build(),
                    new JWTClaimsSet.Builder()
                            .audience(audience)
                            .subject(subject)
                            .issueTime(Date.from(issued))
                            .jwtID(jti)
                            .build());
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** An authorisation that is valid for an hour, with a fresh nonce. */
    public PayAuthorisation pay(String to, long amount, String billHash) {
        long now = Instant.now().getEpochSecond();
        return new PayAuthorisation(
                new Bytes32(account),
                1,
                new Bytes32(to),
                amount,
                billHash == null ? Bytes32.ZERO : new Bytes32(billHash),
                BigInteger.valueOf(nonces.incrementAndGet()),
                now - 30,
                now + 3600);
    }

    /** The same with a bill hash that is made of the nonce: an instalment's or a refund's. */
    public PayAuthorisation payFor(String to, long amount, Function<BigInteger, Bytes32> billHash) {
        PayAuthorisation plain = pay(to, amount, null);
        return new PayAuthorisation(
                plain.from(),
                plain.keyVersion(),
                plain.to(),
                amount,
                billHash.apply(plain.nonce()),
                plain.nonce(),
                plain.validAfter(),
                plain.validBefore());
    }

    /** SHA-256(label ‖ what is referred to ‖ the payer's account ‖ nonce), as docs/payments.md has it: written anew here, to agree with the service. */
    private Bytes32 reference(String label, String to, BigInteger nonce) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(label.getBytes(StandardCharsets.US_ASCII));
            sha256.update(new Bytes32(to).bytes());
            sha256.update(new Bytes32(account).bytes());
            return Bytes32.of(sha256.digest(Bytes32.of(nonce).bytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** A part of a bill, signed. */
    public JsonObject instalment(JsonObject bill, long amount) {
        String hash = bill.getString("bill_hash");
        return signed(payFor(bill.getString("payee"), amount, nonce -> reference("madang:instalment", hash, nonce)))
                .put("instalment_of", hash);
    }

    /** A payment back, signed. */
    public JsonObject refund(String payment, String payer, long amount) {
        return signed(payFor(payer, amount, nonce -> reference("madang:refund", payment, nonce)))
                .put("refund_of", payment);
    }

    /** Money that is held for so many seconds, for the payee's own key to capture, signed. */
    public JsonObject hold(String to, long amount, String billHash, long seconds) {
        return hold(to, to, amount, billHash, seconds);
    }

    /** Money that is held for so many seconds, for the capturer's key to capture, signed. */
    public JsonObject hold(String to, String capturer, long amount, String billHash, long seconds) {
        PayAuthorisation pay = pay(to, amount, billHash);
        HoldAuthorisation hold = new HoldAuthorisation(
                pay.from(),
                pay.keyVersion(),
                pay.to(),
                new Bytes32(capturer),
                amount,
                pay.billHash(),
                pay.nonce(),
                pay.validAfter(),
                pay.validBefore());
        return body(pay, sign(key, hold.message(Api.separator())))
                .put("capturer", capturer)
                .put("hold_until", Instant.now().getEpochSecond() + seconds);
    }

    /** What this wallet's key takes of a hold, signed. */
    public JsonObject capture(String hold, long amount) {
        byte[] signature = sign(key, new HoldCapture(new Bytes32(hold), 1, amount).message(Api.separator()));
        return new JsonObject()
                .put("amount", amount)
                .put("key_version", 1)
                .put("signature", Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
    }

    public Api.Answer submit(JsonObject signed) {
        return Api.post("/payment/authorisations", token, signed);
    }

    public JsonObject signed(PayAuthorisation pay) {
        return body(pay, sign(key, pay));
    }

    public static JsonObject body(PayAuthorisation pay, byte[] signature) {
        return new JsonObject()
                .put("from", pay.from().hex())
                .put("key_version", pay.keyVersion())
                .put("to", pay.to().hex())
                .put("amount", pay.amount())
                .put("bill_hash", pay.billHash().hex())
                .put("nonce", pay.nonce().toString())
                .put("valid_after", pay.validAfter())
                .put("valid_before", pay.validBefore())
                .put("signature", Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
    }

    public static byte[] sign(ECKey key, PayAuthorisation pay) {
        return sign(key, pay.message(Api.separator()));
    }

    public static byte[] sign(ECKey key, byte[] message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key.toECPrivateKey());
            signature.update(message);
            return signature.sign();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The other signature that is valid for the same message: r ‖ n−s. */
    public static byte[] malleated(byte[] signature) {
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        byte[] other = signature.clone();
        System.arraycopy(Bytes32.of(ORDER.subtract(s)).bytes(), 0, other, 32, 32);
        return other;
    }

    public Api.Answer submit(PayAuthorisation pay) {
        return Api.post("/payment/authorisations", token, signed(pay));
    }

    public JsonObject state() {
        return Api.get("/payment/accounts/" + account, token).json();
    }
}
