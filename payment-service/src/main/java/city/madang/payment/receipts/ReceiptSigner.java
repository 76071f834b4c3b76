package city.madang.payment.receipts;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.PaymentReceipt;
import city.madang.contracts.SettledTransaction;
import city.madang.contracts.SettledTree;
import city.madang.kit.keys.Keyring;
import city.madang.payment.authorisations.AuthorisationView;
import city.madang.payment.problems.PaymentProblem;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes receipts of settled payments, as {@link PaymentReceipt} checks them: a statement (compact JWS, RFC 7515, ES256) of what the
 * chain says at this moment, and what proves it without this service. Blocking: a keyring may be remote, the chain is.
 */
@ApplicationScoped
public class ReceiptSigner {

    private static final String KEY = "payment/receipts";

    private final Keyring keyring;
    private final String issuer;

    ReceiptSigner(Keyring keyring, @ConfigProperty(name = "madang.origin") String origin) {
        this.keyring = keyring;
        this.issuer = origin + "/payment";
    }

    /** The public key, its {@code kid} the RFC 7638 thumbprint. */
    public ECKey publicKey() {
        ECPublicKey key = (ECPublicKey) keyring.createIfAbsent(KEY, Keyring.Algorithm.ES256);
        try {
            return new ECKey.Builder(Curve.P_256, key)
                    .algorithm(com.nimbusds.jose.JWSAlgorithm.ES256)
                    .keyUse(com.nimbusds.jose.jwk.KeyUse.SIGNATURE)
                    .keyIDFromThumbprint()
                    .build();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The whole receipt.
     *
     * @param payment settled
     * @param signed with which signatures
     * @param contract the ledger, asked for the transaction
     */
    JsonObject receipt(AuthorisationView payment, Evidence.Signed signed, LedgerContract contract, Instant now) {
        Bytes32 id = new Bytes32(payment.id());
        SettledTransaction transaction = transaction(payment, contract);
        SettledTree tree = transaction.tree();
        SettledTree.Path path = tree.path(id).orElseThrow(ReceiptSigner::elsewhere);
        JsonObject receipt = new JsonObject()
                .put("madang_receipt", 1)
                .put("statement", statement(payment, signed, contract, transaction, now))
                .put("payer_signature", signed.signature());
        if (signed.capture() != null) {
            receipt.put("capture_signature", signed.capture().signature());
        }
        JsonArray hashes = new JsonArray();
        path.hashes().forEach(hash -> hashes.add(hash.hex()));
        return receipt.put(
                "batch",
                new JsonObject()
                        .put("index", path.index())
                        .put("size", path.size())
                        .put("path", hashes));
    }

    private static SettledTransaction transaction(AuthorisationView payment, LedgerContract contract) {
        return contract.settledIn(Objects.requireNonNull(payment.transactionHash()))
                .orElseThrow(ReceiptSigner::elsewhere);
    }

    private static RuntimeException elsewhere() {
        return PaymentProblem.LEDGER_UNAVAILABLE.with("the chain does not show the payment's transaction");
    }

    /** A statement that the contract has moved the money; accounts and hashes, no names. */
    private String statement(
            AuthorisationView payment,
            Evidence.Signed signed,
            LedgerContract contract,
            SettledTransaction transaction,
            Instant now) {
        SettledTree tree = transaction.tree();
        SettledTransaction.SettledEvent event =
                transaction.of(new Bytes32(payment.id())).orElseThrow(ReceiptSigner::elsewhere);
        JsonObject header = new JsonObject()
                .put("typ", PaymentReceipt.TYPE)
                .put("alg", "ES256")
                .put("kid", publicKey().getKeyID());
        JsonObject claims = new JsonObject()
                .put("iss", issuer)
                .put("iat", now.getEpochSecond())
                .put("sub", payment.id())
                .put("authorisation", payment.id())
                .put("from", payment.from())
                .put("key_version", payment.keyVersion())
                .put("from_key", json(signed.key()))
                .put("to", payment.to())
                .put("amount", event.outcome().amount())
                .put("currency", "KRW")
                .put("bill_hash", payment.billHash())
                .put("nonce", payment.nonce())
                .put("valid_after", payment.validAfter())
                .put("valid_before", payment.validBefore());
        Evidence.Capture capture = signed.capture();
        if (capture != null) {
            claims.put("max_amount", payment.amount())
                    .put("capturer", payment.capturer())
                    .put("capture_key_version", capture.keyVersion())
                    .put("capturer_key", json(capture.key()));
        }
        claims.put("chain_id", contract.domain().chainId().longValueExact())
                .put("contract", contract.address())
                .put("transaction_hash", transaction.transactionHash())
                .put("block_number", transaction.blockNumber())
                .put("block_hash", transaction.blockHash())
                .put("log_index", event.logIndex())
                .put("settled_root", tree.root().hex())
                .put("settled_size", transaction.events().size());
        String input = base64(header) + "." + base64(claims);
        byte[] signature = keyring.sign(KEY, input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static JsonObject json(Evidence.Key key) {
        return new JsonObject().put("x", key.x()).put("y", key.y());
    }

    private static String base64(JsonObject json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.encode().getBytes(StandardCharsets.UTF_8));
    }
}
