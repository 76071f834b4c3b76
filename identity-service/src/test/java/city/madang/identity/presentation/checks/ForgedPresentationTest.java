package city.madang.identity.presentation.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.certificates.TestAuthority;
import city.madang.identity.certificates.TestAuthority.Wanted;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.mdoc.TestMdocs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

/** What a hostile wallet, issuer or verifier could send to a response endpoint, in either format; none of it holds. */
class ForgedPresentationTest {

    private final Request request = new Request();
    private final String card = request.presented(request.citizenCard());
    private final String residency = request.residency().text();

    private Verdict.Fails fails(Step step, Map<String, Object> answer) {
        Verdict verdict = request.check(answer);
        Verdict.Fails fails = assertInstanceOf(Verdict.Fails.class, verdict);
        assertEquals(step, fails.step(), fails.why());
        return fails;
    }

    /** A residency that is changed before it is signed, by its issuer and its holder alike. */
    private void fails(Step step, Consumer<Shown> change) {
        Shown shown = request.residency();
        change.accept(shown);
        fails(step, request.answer(shown.text(), card));
    }

    private void cardFails(Step step, String presented) {
        fails(step, request.answer(residency, presented));
    }

    private void cardFails(Step step, byte[] transcript) {
        cardFails(step, Request.presented(request.citizenCard(), transcript, request.holder));
    }

    @Test
    void what_was_asked_for_is_taken_and_nothing_else_is_told() {
        Verdict.Holds holds = assertInstanceOf(Verdict.Holds.class, request.check(request.answer(residency, card)));
        assertEquals(
                Map.of(
                        "a",
                                Map.of(
                                        "district", "중구",
                                        "address", Map.of("street", "마당로 1"),
                                        "nationalities", List.of("KR", "FR")),
                        "b", Map.of(Request.DOCTYPE, Map.of("family_name", "김"))),
                holds.credentials());
        assertEquals(2, holds.statuses().size());
    }

    @Test
    void no_other_algorithm_signs_a_credential_or_a_key_binding() throws Exception {
        for (String alg : List.of("none", "None", "HS256", "ES384", "RS256", "EdDSA", "PS256")) {
            fails(Step.SIGNATURE, shown -> shown.header.put("alg", alg));
            fails(Step.SIGNATURE, shown -> shown.bindingHeader.put("alg", alg));
        }
        // the public key as the secret of an HMAC
        for (KeyPair key : List.of(request.issuerKey, request.holder)) {
            Shown shown = request.residency();
            (key == request.holder ? shown.bindingHeader : shown.header).put("alg", "HS256");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getPublic().getEncoded(), "HmacSHA256"));
            String[] parts = shown.unbound().split("~", 2);
            String input = parts[0].substring(0, parts[0].lastIndexOf('.'));
            String forged = input + "." + Base64Url.encode(mac.doFinal(input.getBytes("US-ASCII"))) + "~" + parts[1];
            fails(Step.SIGNATURE, request.answer(shown.bound(forged), card));
        }
        String[] parts = request.residency().unbound().split("~", 2);
        String unsigned = parts[0].substring(0, parts[0].lastIndexOf('.') + 1) + "~" + parts[1];
        fails(Step.SIGNATURE, request.answer(request.residency().bound(unsigned), card));
        String zero =
                parts[0].substring(0, parts[0].lastIndexOf('.') + 1) + Base64Url.encode(new byte[64]) + "~" + parts[1];
        fails(Step.SIGNATURE, request.answer(request.residency().bound(zero), card));
    }

    @Test
    void one_kind_of_token_does_not_pass_for_another() {
        for (String typ : List.of("JWT", "kb+jwt", "statuslist+jwt", "vc+sd-jwt", "oauth-authz-req+jwt")) {
            fails(Step.SIGNATURE, shown -> shown.header.put("typ", typ));
        }
        for (String typ : List.of("JWT", "dc+sd-jwt", "dpop+jwt", "openid4vci-proof+jwt")) {
            fails(Step.SIGNATURE, shown -> shown.bindingHeader.put("typ", typ));
        }
        fails(Step.SIGNATURE, shown -> shown.header.put("crit", List.of("exp")));
        fails(Step.SIGNATURE, shown -> shown.header.put("b64", false));
        fails(Step.SIGNATURE, shown -> shown.bindingHeader.put("crit", List.of("x")));
    }

    @Test
    void a_key_that_the_credential_brings_along_is_not_believed() {
        KeyPair own = TestMdocs.newKey();
        Map<String, Object> jwk = PublicJwk.of((ECPublicKey) own.getPublic()).toJson();
        for (Map.Entry<String, Object> brought : Map.<String, Object>of(
                        "jwk", jwk,
                        "jku", "https://evil.example/jwks",
                        "x5u", "https://evil.example/x5u",
                        "kid", "did:web:evil.example#0")
                .entrySet()) {
            fails(Step.SIGNATURE, shown -> {
                shown.header.put(brought.getKey(), brought.getValue());
                shown.issuerKey = own;
            });
            fails(Step.SIGNATURE, shown -> {
                shown.header.remove("x5c");
                shown.header.put(brought.getKey(), brought.getValue());
                shown.issuerKey = own;
            });
            fails(Step.KEY_BINDING, shown -> {
                shown.bindingHeader.put(brought.getKey(), brought.getValue());
                shown.holderKey = own;
            });
        }
    }

    /** Every chain that must not be believed, with the key of its leaf. */
    private Map<String, Map.Entry<KeyPair, List<X509Certificate>>> badChains() {
        KeyPair key = TestMdocs.newKey();
        TestAuthority stranger = new TestAuthority("CN=City");
        X509Certificate verifier = request.city.issue("CN=City Hall,O=city-hall", key);
        Map<String, Map.Entry<KeyPair, List<X509Certificate>>> chains = new HashMap<>();
        chains.put("self-signed", Map.entry(key, List.of(new Wanted("CN=Me", key).selfSigned())));
        chains.put("self-signed in the city's name", Map.entry(key, List.of(new Wanted("CN=City", key).selfSigned())));
        chains.put("of a CA of the same name", Map.entry(key, List.of(stranger.issue("CN=City Hall", key))));
        chains.put("of the same agency for another purpose", Map.entry(key, List.of(verifier)));
        chains.put("of another agency", Map.entry(key, List.of(request.city.issue("CN=T,O=transport", key))));
        chains.put("of the state", Map.entry(key, List.of(request.state.issue("CN=PID Provider", key))));
        chains.put(
                "expired",
                Map.entry(
                        key,
                        List.of(new Wanted("CN=City Hall,O=city-hall", key)
                                .between(request.now.minus(Duration.ofDays(2)), request.now.minus(Duration.ofDays(1)))
                                .signedBy(request.city))));
        chains.put(
                "not valid yet",
                Map.entry(
                        key,
                        List.of(new Wanted("CN=City Hall,O=city-hall", key)
                                .between(request.now.plus(Duration.ofDays(1)), request.now.plus(Duration.ofDays(2)))
                                .signedBy(request.city))));
        chains.put(
                "a CA", Map.entry(key, List.of(new Wanted("CN=Sub", key).asCa().signedBy(request.city))));
        chains.put(
                "not for signatures",
                Map.entry(
                        key,
                        List.of(new Wanted("CN=X", key)
                                .withUsage(KeyUsage.keyAgreement)
                                .signedBy(request.city))));
        chains.put(
                "signed by a leaf",
                Map.entry(
                        key,
                        List.of(
                                new Wanted("CN=X", key).signedBy("CN=City Hall,O=city-hall", request.issuerKey),
                                request.issuer)));
        chains.put(
                "with its anchor", Map.entry(request.issuerKey, List.of(request.issuer, request.city.certificate())));
        chains.put("another's", Map.entry(key, List.of(request.issuer)));
        return chains;
    }

    @Test
    void no_chain_that_leads_elsewhere_or_is_for_something_else_makes_an_issuer_of_a_residency() {
        badChains().forEach((what, bad) -> {
            Shown shown = request.residency();
            shown.header.put("x5c", TestAuthority.x5c(bad.getValue().toArray(X509Certificate[]::new)));
            shown.issuerKey = bad.getKey();
            Verdict verdict = request.check(request.answer(shown.text(), card));
            assertEquals(
                    Step.SIGNATURE,
                    assertInstanceOf(Verdict.Fails.class, verdict, what).step(),
                    what);
        });
        for (Object x5c : List.of(List.of(), "x", List.of("x"), List.of(1), Map.of(), "absent")) {
            fails(Step.SIGNATURE, shown -> shown.header.put("x5c", x5c));
        }
    }

    @Test
    void no_chain_that_leads_elsewhere_or_is_for_something_else_makes_an_issuer_of_a_card() {
        badChains().forEach((what, bad) -> {
            byte[] forged = request.citizenCard(
                    bad.getKey(),
                    bad.getValue().stream().map(TestAuthority::der).toList());
            Verdict verdict = request.check(request.answer(residency, request.presented(forged)));
            assertEquals(
                    Step.SIGNATURE,
                    assertInstanceOf(Verdict.Fails.class, verdict, what).step(),
                    what);
        });
    }

    @Test
    void an_issuer_outside_the_city_issues_what_it_is_trusted_for_and_nothing_else() {
        KeyPair key = TestMdocs.newKey();
        Shown pid = request.residency();
        pid.header.put("x5c", TestAuthority.x5c(request.state.issue("CN=PID Provider", key)));
        pid.issuerKey = key;
        pid.payload.put("vct", Request.PID);
        String query = Request.QUERY.replace(Request.VCT, Request.PID);
        Verdict verdict = request.check(request.expected(query, request.thumbprint), request.answer(pid.text(), card));
        Verdict.Holds holds = assertInstanceOf(Verdict.Holds.class, verdict, verdict.toString());
        assertTrue(holds.statuses().stream()
                .anyMatch(
                        question -> request.stateIssuer.equals(question.issuer().other())));
        // not in the name of the city, and the city not in its name
        pid.payload.put("vct", Request.VCT);
        fails(Step.SIGNATURE, request.answer(pid.text(), card));
        Shown own = request.residency();
        own.payload.put("vct", Request.PID);
        assertInstanceOf(
                Verdict.Fails.class,
                request.check(request.expected(query, request.thumbprint), request.answer(own.text(), card)));
    }

    @Test
    void a_credential_holds_in_its_own_time_only() {
        long now = request.now.getEpochSecond();
        fails(Step.VALIDITY, shown -> shown.payload.put("exp", now - 61));
        fails(Step.VALIDITY, shown -> shown.payload.put("nbf", now + 120));
        fails(Step.VALIDITY, shown -> shown.payload.put("iat", now + 120));
        for (Object no : List.of("soon", true, List.of(), 1e300, -1)) {
            fails(Step.VALIDITY, shown -> shown.payload.put("exp", no));
        }
    }

    @Test
    void a_key_binding_is_of_this_holder_now_for_these_disclosures() {
        long now = request.now.getEpochSecond();
        fails(Step.KEY_BINDING, shown -> shown.holderKey = TestMdocs.newKey());
        fails(Step.KEY_BINDING, shown -> shown.binding.put("iat", now + 120));
        fails(Step.KEY_BINDING, shown -> shown.binding.put("iat", now - 3600));
        fails(Step.KEY_BINDING, shown -> shown.binding.put("iat", String.valueOf(now)));
        fails(Step.KEY_BINDING, shown -> shown.binding.put("iat", "absent"));
        fails(Step.KEY_BINDING, shown -> shown.binding.put("exp", now - 120));
        fails(Step.KEY_BINDING, shown -> shown.binding.put("sd_hash", Shown.digest("x")));
        fails(Step.KEY_BINDING, shown -> shown.binding.put("sd_hash", "absent"));
        Shown shown = request.residency();
        fails(Step.KEY_BINDING, request.answer(shown.unbound(), card));
        String good = shown.text();
        String binding = good.substring(good.lastIndexOf('~') + 1);
        Shown less = request.residency();
        less.disclosures.removeLast();
        fails(Step.KEY_BINDING, request.answer(less.unbound() + binding, card));
    }

    @Test
    void a_key_binding_names_a_key_that_the_issuer_vouches_for() {
        for (Object cnf : List.of(
                "x",
                Map.of(),
                Map.of("kid", "did:jwk:x"),
                Map.of("jwk", Map.of("kty", "EC", "crv", "P-256", "x", "AA", "y", "AA")),
                Map.of("jwk", Map.of("kty", "oct", "k", "AA")))) {
            fails(Step.KEY_BINDING, shown -> shown.payload.put("cnf", cnf));
        }
        fails(Step.KEY_BINDING, shown -> shown.payload.remove("cnf"));
    }

    @Test
    void a_presentation_is_for_one_request_and_one_verifier() {
        for (Object nonce : List.of("another", "", 1, List.of(request.nonce), "absent")) {
            fails(Step.NONCE, shown -> shown.binding.put("nonce", nonce));
        }
        for (Object aud : List.of(
                "x509_hash:YmFy",
                Request.CLIENT.substring("x509_hash:".length()),
                Request.RESPONSE_URI,
                List.of(Request.CLIENT, "x509_hash:YmFy"),
                "absent")) {
            fails(Step.AUDIENCE, shown -> shown.binding.put("aud", aud));
        }
    }

    @Test
    void a_card_is_presented_in_one_session_by_one_device() {
        String nonce = request.nonce;
        cardFails(
                Step.KEY_BINDING,
                Request.transcript("x509_hash:YmFy", nonce, request.thumbprint, Request.RESPONSE_URI));
        cardFails(
                Step.KEY_BINDING,
                Request.transcript(Request.CLIENT, "another", request.thumbprint, Request.RESPONSE_URI));
        cardFails(Step.KEY_BINDING, Request.transcript(Request.CLIENT, nonce, null, Request.RESPONSE_URI));
        cardFails(
                Step.KEY_BINDING,
                Request.transcript(Request.CLIENT, nonce, Shown.digest("another key"), Request.RESPONSE_URI));
        // a response endpoint that somebody put in the place of the verifier's
        cardFails(
                Step.KEY_BINDING,
                Request.transcript(Request.CLIENT, nonce, request.thumbprint, "https://evil.example/response/1"));
        cardFails(Step.KEY_BINDING, Request.presented(request.citizenCard(), request.transcript(), TestMdocs.newKey()));
    }

    @Test
    void a_card_of_a_request_without_encryption_is_bound_to_no_key() {
        Expected plain = request.expected(Request.QUERY, null);
        byte[] transcript = Request.transcript(Request.CLIENT, request.nonce, null, Request.RESPONSE_URI);
        String presented = Request.presented(request.citizenCard(), transcript, request.holder);
        assertInstanceOf(Verdict.Holds.class, request.check(plain, request.answer(residency, presented)));
        assertInstanceOf(Verdict.Fails.class, request.check(plain, request.answer(residency, card)));
    }

    @Test
    void disclosures_are_those_of_the_credential_and_no_others() {
        fails(Step.SIGNATURE, shown -> shown.disclosures.add(Shown.disclosure("s", "role", "admin")));
        fails(Step.SIGNATURE, shown -> shown.disclosures.add(shown.disclosures.getFirst()));
        for (String bad : List.of("x", "W10", Shown.disclosure("s"), Shown.disclosure(1, "a", 2), "")) {
            fails(Step.SIGNATURE, shown -> shown.disclosures.add(bad));
        }
        for (Object algorithm : List.of("sha-512", "md5", "sha-256;", 256)) {
            fails(Step.SIGNATURE, shown -> shown.payload.put("_sd_alg", algorithm));
        }
        fails(Step.SIGNATURE, shown -> {
            for (int i = 0; i < 20_000; i++) {
                shown.disclosures.add(Shown.disclosure("s" + i));
            }
        });
        // the issuer's own digest twice
        fails(Step.SIGNATURE, shown -> {
            List<Object> digests = new ArrayList<>((List<?>) shown.payload.get("_sd"));
            digests.add(digests.getFirst());
            shown.payload.put("_sd", digests);
        });
        // a claim that decides whether the credential holds
        for (String name : List.of("exp", "cnf", "vct", "status", "iss", "nbf")) {
            fails(Step.SIGNATURE, shown -> {
                String hidden = Shown.disclosure("s", name, 9_999_999_999L);
                List<Object> digests = new ArrayList<>((List<?>) shown.payload.get("_sd"));
                digests.add(Shown.digest(hidden));
                shown.payload.put("_sd", digests);
                shown.disclosures.add(hidden);
            });
        }
    }

    @Test
    void less_more_or_other_than_was_asked_for_is_refused() {
        fails(Step.QUERY, shown -> shown.disclosures.removeFirst());
        fails(Step.QUERY, shown -> shown.disclosures.add(Shown.disclosure("s7", "family_name", "김")));
        Map<String, Object> answer = request.answer(residency, card);
        for (Object vpToken : List.<Object>of(
                Map.of(),
                Map.of("a", List.of(residency)),
                Map.of("a", List.of(residency), "b", List.of(card), "c", List.of(card)),
                Map.of("a", List.of(card), "b", List.of(card)),
                Map.of("a", List.of(residency), "b", List.of(residency)),
                Map.of("a", List.of(residency, request.residency().text()), "b", List.of(card)))) {
            answer.put("vp_token", vpToken);
            assertInstanceOf(Verdict.Fails.class, request.check(answer), vpToken.toString());
        }
    }

    @Test
    void an_element_of_an_array_is_where_its_issuer_put_it() {
        String query = Request.QUERY.replace("\"nationalities\", null", "\"nationalities\", 1");
        Expected expected = request.expected(query, request.thumbprint);
        Shown second = request.residency();
        second.disclosures.remove(4);
        Verdict verdict = request.check(expected, request.answer(second.text(), card));
        Verdict.Holds holds = assertInstanceOf(Verdict.Holds.class, verdict, verdict.toString());
        assertEquals(List.of("FR"), ((Map<?, ?>) holds.credentials().get("a")).get("nationalities"));
        Shown first = request.residency();
        first.disclosures.remove(5);
        assertInstanceOf(
                Verdict.Fails.class, request.check(expected, request.answer(first.text(), card)), "another element");
        assertInstanceOf(Verdict.Fails.class, request.check(expected, request.answer(residency, card)), "both");
        // of all that were asked for, some may be kept back
        Verdict part = request.check(request.answer(second.text(), card));
        assertEquals(
                List.of("FR"),
                ((Map<?, ?>) assertInstanceOf(Verdict.Holds.class, part)
                                .credentials()
                                .get("a"))
                        .get("nationalities"));
    }

    @Test
    void an_answer_has_the_shape_of_one() {
        Map<String, Object> answer = request.answer(residency, card);
        for (Object vpToken : List.<Object>of(
                residency,
                List.of(residency, card),
                Map.of("a", residency, "b", card),
                Map.of("a", List.of(), "b", List.of(card)),
                Map.of("a", List.of(1), "b", List.of(card)),
                Map.of("a", List.of(residency, residency), "b", List.of(card)),
                Map.of("a", List.of(Map.of()), "b", List.of(card)),
                Map.of(
                        "a",
                        java.util.stream.IntStream.range(0, 1000)
                                .mapToObj(i -> "x" + i)
                                .toList()))) {
            answer.put("vp_token", vpToken);
            fails(Step.RESPONSE, answer);
        }
        for (Object state : List.of("another", "", 1, List.of(request.walletState))) {
            Map<String, Object> other = request.answer(residency, card);
            other.put("state", state);
            fails(Step.RESPONSE, other);
        }
        answer.remove("state");
        fails(Step.RESPONSE, answer);
    }

    @Test
    void the_holder_signs_all_transaction_data_and_no_other() throws Exception {
        List<TransactionData> asked = TransactionData.of(
                List.of(
                        Map.of("type", "consent", "credential_ids", List.of("a"), "text", "주차증"),
                        Map.of(
                                "type",
                                "consent",
                                "credential_ids",
                                List.of("a"),
                                "text",
                                "수수료",
                                "transaction_data_hashes_alg",
                                List.of("sha-256"))),
                Request.parsed(Request.QUERY));
        Expected expected = request.expected(Request.QUERY, request.thumbprint, asked);
        String first = asked.getFirst().hash();
        String second = asked.getLast().hash();
        assertInstanceOf(Verdict.Holds.class, request.check(expected, signing(List.of(second, first), "sha-256")));
        List<Map<String, Object>> bad = List.of(
                request.answer(residency, card),
                signing(List.of(first), "sha-256"),
                signing(List.of(first, second), null),
                signing(List.of(first, second), "sha-512"),
                signing(List.of(first, second, Shown.digest("x")), "sha-256"),
                signing(List.of(first, Shown.digest("x")), "sha-256"),
                signing(List.of(), "sha-256"),
                signing(first, "sha-256"));
        for (Map<String, Object> answer : bad) {
            Verdict.Fails fails = assertInstanceOf(Verdict.Fails.class, request.check(expected, answer));
            assertEquals(Step.TRANSACTION_DATA, fails.step(), fails.why());
        }
        // nobody asked for a signature
        fails(Step.TRANSACTION_DATA, signing(List.of(first), "sha-256"));
    }

    private Map<String, Object> signing(Object hashes, String algorithm) {
        Shown shown = request.residency();
        shown.binding.put("transaction_data_hashes", hashes);
        shown.binding.put("transaction_data_hashes_alg", algorithm == null ? "absent" : algorithm);
        return request.answer(shown.text(), card);
    }

    @Test
    void a_refusal_quotes_nothing_of_the_person() {
        Shown shown = request.residency();
        shown.disclosures.add(Shown.disclosure("s7", "family_name", "김"));
        String why = fails(Step.QUERY, request.answer(shown.text(), card)).why();
        assertTrue(List.of("김", "마당로", "중구", "family_name").stream().noneMatch(why::contains), why);
    }
}
