package city.madang.identity;

import static city.madang.identity.WalletSession.attestation;
import static city.madang.identity.WalletSession.keys;
import static city.madang.identity.WalletSession.proof;
import static city.madang.identity.WalletSession.refused;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that a trusted wallet provider vouches for, where a type asks for them (OpenID4VCI 1.0 appendix D, HAIP 1.0 §4.5.1). */
@QuarkusTest
class KeyAttestationTest {

    private final HaipWallet.Provider provider = HaipWallet.Provider.genuine();
    private String type;
    private WalletSession session;

    @BeforeEach
    void redeemed() {
        TestCity.register("city-hall");
        type = TestTypes.declare(
                "attested",
                false,
                "key_attestation",
                Map.of(
                        "key_storage", List.of("iso_18045_high", "iso_18045_moderate"),
                        "user_authentication", List.of("iso_18045_moderate")));
        session = WalletSession.redeem(TestTypes.offer(type));
    }

    @Test
    void the_metadata_asks_for_what_the_type_needs() {
        RestAssured.given()
                .get("/.well-known/openid-credential-issuer/identity")
                .then()
                .statusCode(200)
                .body(
                        "credential_configurations_supported.'" + type
                                + "'.proof_types_supported.jwt.key_attestations_required.key_storage",
                        equalTo(List.of("iso_18045_high", "iso_18045_moderate")))
                .body(
                        "credential_configurations_supported.'" + type
                                + "'.proof_types_supported.attestation.key_attestations_required.user_authentication",
                        equalTo(List.of("iso_18045_moderate")));
        String any = TestTypes.declare("any", false, "key_attestation", Map.of());
        RestAssured.given()
                .get("/.well-known/openid-credential-issuer/identity")
                .then()
                .body(
                        "credential_configurations_supported.'" + any
                                + "'.proof_types_supported.jwt.key_attestations_required",
                        equalTo(Map.of()));
    }

    @Test
    void a_wallet_proves_one_attested_key_and_gets_a_credential_for_each() {
        List<ECKey> attested = keys(3);
        String nonce = TestWallet.nonce();
        String statement = attestation(provider, attested, nonce, claims -> {});
        session.jwt(
                        type,
                        proof(
                                attested.get(1),
                                nonce,
                                h -> h.keyID("1").customParam("key_attestation", statement),
                                c -> {}))
                .then()
                .statusCode(200)
                .body("credentials", hasSize(3));
    }

    @Test
    void each_of_several_proofs_may_hold_the_attestation_of_all_keys() {
        List<ECKey> attested = keys(3);
        String nonce = TestWallet.nonce();
        String statement = attestation(provider, attested, nonce, claims -> {});
        Object[] proofs = attested.stream()
                .map(key -> proof(
                        key, nonce, h -> h.jwk(key.toPublicJWK()).customParam("key_attestation", statement), c -> {}))
                .toArray();
        session.jwt(type, proofs).then().statusCode(200).body("credentials", hasSize(3));
    }

    @Test
    void an_attestation_alone_will_do_and_needs_no_end() {
        String statement = attestation(provider, keys(4), TestWallet.nonce(), claims -> claims.expirationTime(null));
        session.credential(WalletSession.request(type, "attestation", statement))
                .then()
                .statusCode(200)
                .body("credentials", hasSize(4));
    }

    @Test
    void without_an_attestation_nothing_is_issued_where_one_is_needed() {
        refused(session.jwt(type, new TestWallet().proof(TestWallet.nonce())), 400, "invalid_proof");
    }

    @Test
    void attestations_that_say_too_little_or_something_else_are_refused() {
        List<ECKey> attested = keys(1);
        ECKey key = attested.getFirst();
        String nonce = TestWallet.nonce();
        Instant now = Instant.now();
        for (String statement : List.of(
                attestation(provider, attested, nonce, c -> c.claim("key_storage", List.of("iso_18045_basic"))),
                attestation(provider, attested, nonce, c -> c.claim("key_storage", "iso_18045_high")),
                attestation(provider, attested, nonce, c -> c.claim("key_storage", null)),
                attestation(provider, attested, nonce, c -> c.claim("user_authentication", List.of())),
                attestation(provider, attested, nonce, c -> c.expirationTime(Date.from(now.minusSeconds(1)))),
                attestation(provider, attested, nonce, c -> c.expirationTime(null)),
                attestation(provider, attested, nonce, c -> c.issueTime(Date.from(now.plusSeconds(600)))),
                attestation(provider, attested, nonce, c -> c.issueTime(null)),
                attestation(provider, attested, nonce, c -> c.claim("attested_keys", List.of())),
                attestation(provider, attested, nonce, c -> c.claim("attested_keys", List.of("key"))),
                attestation(
                        provider,
                        attested,
                        nonce,
                        c -> c.claim("attested_keys", key.toPublicJWK().toJSONObject())),
                attestation(provider, attested, nonce, c -> c.claim("attested_keys", List.of(key.toJSONObject()))),
                attestation(provider, List.of(key, key), nonce, c -> {}),
                attestation(provider, keys(51), nonce, c -> {}),
                // of other keys than the one that is proven
                attestation(provider, keys(2), nonce, c -> {}),
                // fresh for another request, or not fresh at all
                attestation(provider, attested, TestWallet.nonce(), c -> {}),
                attestation(provider, attested, null, c -> {}))) {
            refused(session.jwt(type, withAttestation(key, nonce, statement)), 400, "invalid_proof");
        }
        // the last three as a proof of their own
        refused(
                session.credential(
                        WalletSession.request(type, "attestation", attestation(provider, attested, null, c -> {}))),
                400,
                "invalid_proof");
        refused(
                session.credential(WalletSession.request(
                        type, "attestation", attestation(provider, attested, "n-0S6_WzA2Mj", c -> {}))),
                400,
                "invalid_nonce");
        session.jwt(type, withAttestation(key, nonce, attestation(provider, attested, nonce, c -> {})))
                .then()
                .statusCode(200);
    }

    private static String withAttestation(ECKey key, String nonce, String statement) {
        return proof(key, nonce, h -> h.jwk(key.toPublicJWK()).customParam("key_attestation", statement), c -> {});
    }

    @Test
    void an_attestation_is_good_once() {
        String statement = attestation(provider, keys(1), TestWallet.nonce(), c -> {});
        session.credential(WalletSession.request(type, "attestation", statement))
                .then()
                .statusCode(200);
        WalletSession other = WalletSession.redeem(TestTypes.offer(type));
        refused(other.credential(WalletSession.request(type, "attestation", statement)), 400, "invalid_nonce");
    }

    @Test
    void only_a_trusted_provider_s_certified_key_counts() throws Exception {
        Path folder = Path.of(ConfigProvider.getConfig().getValue("madang.test.wallet-provider-dir", String.class));
        Path anchorFile = Path.of(ConfigProvider.getConfig().getValue("madang.wallet-providers", String.class));
        ECKey own = TestWallet.newKey();
        List<Base64> withAnchor = new ArrayList<>(provider.chain());
        withAnchor.add(pem(anchorFile));
        List<HaipWallet.Provider> forgers = List.of(
                new HaipWallet.Provider(own, provider.chain()),
                new HaipWallet.Provider(provider.key(), withAnchor),
                new HaipWallet.Provider(own, List.of(selfSigned(own, 0, 3600))),
                new HaipWallet.Provider(own, List.of(selfSigned(own, -7200, -3600))),
                new HaipWallet.Provider(own, List.of(pem(folder.resolve("agency-ca.pem")))),
                new HaipWallet.Provider(own, List.of(Base64.encode("no certificate"))));
        for (HaipWallet.Provider forger : forgers) {
            String statement = attestation(forger, keys(1), TestWallet.nonce(), c -> {});
            refused(session.credential(WalletSession.request(type, "attestation", statement)), 400, "invalid_proof");
        }
        String good = attestation(provider, keys(1), TestWallet.nonce(), c -> {});
        String other = attestation(provider, keys(1), TestWallet.nonce(), c -> {});
        String mixed = good.substring(0, good.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
        refused(session.credential(WalletSession.request(type, "attestation", mixed)), 400, "invalid_proof");
        refused(
                session.credential(
                        WalletSession.request(type, "attestation", good.substring(0, good.lastIndexOf('.') + 1))),
                400,
                "invalid_proof");
    }

    private static Base64 pem(Path file) throws Exception {
        String text = Files.readString(file);
        return new Base64(text.substring(0, text.indexOf("-----END CERTIFICATE-----"))
                .replace("-----BEGIN CERTIFICATE-----", "")
                .replaceAll("\\s", ""));
    }

    private static Base64 selfSigned(ECKey key, long from, long until) throws Exception {
        X500Name name = new X500Name("CN=Own wallet provider");
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.TEN,
                Date.from(Instant.now().plusSeconds(from)),
                Date.from(Instant.now().plusSeconds(until)),
                name,
                key.toECPublicKey());
        return Base64.encode(new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.toECPrivateKey())))
                .getEncoded());
    }
}
