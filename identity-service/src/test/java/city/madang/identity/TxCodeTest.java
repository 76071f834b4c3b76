package city.madang.identity;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.nimbusds.jose.util.Base64URL;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever finds an offer's code cannot guess what goes with it, nor the code of another offer. */
@QuarkusTest
class TxCodeTest {

    private static final int GUESSES = 1000;

    @Inject
    Pool pool;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
    }

    private Row offer(Map<String, Object> announced) {
        return pool.preparedQuery("select * from credential_offer where id = $1")
                .execute(Tuple.of(UUID.fromString((String) announced.get("id"))))
                .await()
                .indefinitely()
                .iterator()
                .next();
    }

    @Test
    void a_thousand_guesses_at_once_are_still_five() {
        Map<String, Object> announced = TestWallet.residencyOffer();
        String code = TestWallet.code(TestWallet.fetchOffer(announced));
        int right = Integer.parseInt((String) announced.get("tx_code"));
        URI token = URI.create("http://127.0.0.1:"
                + ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class)
                + "/identity/token");
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < GUESSES; i++) {
                String form = "grant_type=" + URLEncoder.encode(TestWallet.GRANT, StandardCharsets.UTF_8)
                        + "&pre-authorized_code=" + code
                        + "&tx_code=" + "%06d".formatted((right + 1 + i) % 1_000_000);
                sent.add(http.sendAsync(
                        HttpRequest.newBuilder(token)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            int told = 0;
            for (CompletableFuture<HttpResponse<String>> each : sent) {
                assertEquals(400, each.join().statusCode());
                if (each.join().body().contains("the transaction code is wrong")) {
                    told++;
                }
            }
            assertEquals(5, told, "five guesses were answered as such");
        }
        TestWallet.token(code, (String) announced.get("tx_code")).then().statusCode(400);
        assertEquals(5, offer(announced).getInteger("wrong_guesses"));
        assertEquals("locked", offer(announced).getString("state"));
        assertEquals(null, offer(announced).getString("claims"));
    }

    @Test
    void codes_cannot_be_made_from_the_ids_of_offers() {
        Map<String, Object> announced = TestWallet.residencyOffer();
        Map<String, Object> other = TestWallet.residencyOffer();
        byte[] code = new Base64URL(TestWallet.code(TestWallet.fetchOffer(announced))).decode();
        byte[] others = new Base64URL(TestWallet.code(TestWallet.fetchOffer(other))).decode();
        byte[] mixed = code.clone();
        System.arraycopy(others, 0, mixed, 0, 16);
        byte[] flipped = code.clone();
        flipped[flipped.length - 1] ^= 1;
        Set<String> answers = new HashSet<>();
        for (String forged : List.of(
                Base64URL.encode(mixed).toString(),
                Base64URL.encode(flipped).toString(),
                (String) announced.get("id"),
                "x",
                Base64URL.encode(new byte[48]).toString())) {
            answers.add(TestWallet.token(forged, (String) announced.get("tx_code"))
                    .then()
                    .statusCode(400)
                    .body("error", equalTo("invalid_grant"))
                    .extract()
                    .asString());
        }
        assertEquals(1, answers.size(), "what is unknown is answered alike");
        assertEquals(0, offer(announced).getInteger("wrong_guesses"));
    }

    @Test
    void transaction_codes_differ() {
        Set<Object> codes = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            Map<String, Object> announced = TestWallet.residencyOffer();
            String code = (String) announced.get("tx_code");
            assertEquals(6, code.length());
            assertFalse(code.chars().anyMatch(digit -> digit < '0' || digit > '9'));
            codes.add(code);
        }
        assertEquals(true, codes.size() > 7, codes.toString());
    }
}
