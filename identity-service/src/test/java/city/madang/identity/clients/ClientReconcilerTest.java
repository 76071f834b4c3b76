package city.madang.identity.clients;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.devstack.testing.TestTokens;
import city.madang.identity.LocalHost;
import city.madang.identity.jose.Malformed;
import city.madang.identity.settings.IdentitySettings;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class ClientReconcilerTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    AgencyClients clients;

    @Inject
    PublishedKeys published;

    @Inject
    IdentitySettings settings;

    @Inject
    Pool pool;

    @Inject
    Vertx vertx;

    @TempDir
    Path folder;

    private final String agency = "r" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void registered() {
        registrar()
                .body(Map.of("name", Map.of("ko", "기관", "en", "An agency")))
                .put("/identity/agencies/" + agency)
                .then()
                .statusCode(201);
    }

    private static io.restassured.specification.RequestSpecification registrar() {
        return given().header("Authorization", "Bearer " + TestTokens.user("officer.cityhall"))
                .contentType("application/json");
    }

    private static ECKey key() throws Exception {
        return new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    }

    private static ClientKeys keys(ECKey... keys) throws Exception {
        return ClientKeys.parse(new JWKSet(java.util.List.of(keys)).toJSONObject());
    }

    private ValidatableResponse seen() {
        return registrar()
                .get("/identity/agencies/" + agency + "/client")
                .then()
                .statusCode(200);
    }

    /** As a process leaves it that took it for so long and died before it could tell what it did. */
    private void leftBehind(Duration lease) throws Exception {
        pool.preparedQuery("insert into agency_client"
                        + " (agency, jwks, enabled, version, applied, failures, next_try, leased_until, set_at)"
                        + " values ($1, $2, true, 1, 0, 0, now(), now() + make_interval(secs => $3::float8), now())")
                .execute(Tuple.of(agency, keys(key()).toJson(), (double) lease.toSeconds()))
                .await()
                .atMost(SOON);
    }

    private void becomes(String state) throws InterruptedException {
        Instant end = Instant.now().plus(SOON);
        while (!state.equals(seen().extract().path("state")) && Instant.now().isBefore(end)) {
            Thread.sleep(200);
        }
        seen().body("state", equalTo(state));
    }

    @Test
    void what_a_process_left_half_done_is_done_by_another_when_its_time_is_over() throws Exception {
        leftBehind(Duration.ofSeconds(3));
        seen().body("state", equalTo("pending"));
        becomes("active");
    }

    @Test
    void while_the_provider_is_away_the_reason_is_shown_and_later_it_is_done() throws Exception {
        leftBehind(Duration.ofHours(1));
        ClientReconciler away = new ClientReconciler(
                clients,
                new KeycloakClients(settings, "http://127.0.0.1:1/auth/realms/madang", vertx),
                published,
                settings);
        AgencyClient client = clients.find(agency).await().atMost(SOON).orElseThrow();
        away.apply(client).await().atMost(SOON);
        seen().body("problem", containsString("does not answer"));
        becomes("active");
        seen().body("problem", equalTo(null));
    }

    @Test
    void a_change_that_overtakes_a_try_is_not_taken_for_done() throws Exception {
        leftBehind(Duration.ofHours(1));
        AgencyClient old = clients.find(agency).await().atMost(SOON).orElseThrow();
        pool.preparedQuery("update agency_client set enabled = false, version = 2 where agency = $1")
                .execute(Tuple.of(agency))
                .await()
                .atMost(SOON);
        clients.applied(old, null, Duration.ofHours(1)).await().atMost(SOON);
        becomes("disabled");
    }

    @Test
    void keys_at_an_address_are_fetched_through_the_guard_and_checked() throws Exception {
        try (LocalHost host = new LocalHost(folder)) {
            PublishedKeys others = new PublishedKeys(host.client());
            ECKey key = key();
            host.put(
                    "/jwks",
                    "application/jwk-set+json",
                    new JWKSet(key).toString().getBytes());
            // the first connection of a busy machine may take longer than a fetch may
            assertEquals(
                    keys(key),
                    others.at(host.url("/jwks"))
                            .onFailure()
                            .retry()
                            .atMost(5)
                            .await()
                            .atMost(SOON));
            host.put(
                    "/private",
                    "application/json",
                    new JWKSet(key).toString(false).getBytes());
            host.put("/html", "text/html", new JWKSet(key).toString().getBytes());
            host.put("/large", "application/json", new byte[70_000]);
            assertThrows(
                    Malformed.class,
                    () -> rethrow(() -> others.at(host.url("/private")).await().atMost(SOON)));
            for (String path : java.util.List.of("/html", "/large", "/none")) {
                assertThrows(
                        Exception.class, () -> others.at(host.url(path)).await().atMost(SOON), path);
            }
        }
    }

    /** Mutiny wraps checked exceptions. */
    private static void rethrow(Runnable call) throws Throwable {
        try {
            call.run();
        } catch (java.util.concurrent.CompletionException wrapped) {
            throw wrapped.getCause();
        }
    }
}
