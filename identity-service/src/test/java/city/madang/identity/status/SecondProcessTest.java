package city.madang.identity.status;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.identity.TestStatus;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.keys.Keyring;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process that did not revoke tells of it as soon as the one that did: it holds lists of its own, on the same database. */
@QuarkusTest
class SecondProcessTest {

    @Inject
    StatusLists lists;

    @Inject
    StatusIndexes indexes;

    @Inject
    Certificates certificates;

    @Inject
    Keyring keyring;

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    IdentitySettings settings;

    @Inject
    Pool pool;

    @BeforeEach
    void registered() {
        given().header("Authorization", "Bearer " + TestTokens.user("officer.cityhall"))
                .contentType("application/json")
                .body(Map.of("name", Map.of("ko", "시청", "en", "City hall")))
                .put("/identity/agencies/city-hall")
                .then()
                .statusCode(oneOf(200, 201));
    }

    private static int value(PublishedLists process, UUID list, int index) throws Throwable {
        SignedList signed = VertxContextSupport.subscribeAndAwait(() -> process.get(list, ListFormat.JWT));
        Map<?, ?> claim = (Map<?, ?>) SignedJWT.parse(new String(signed.token(), StandardCharsets.US_ASCII))
                .getJWTClaimsSet()
                .getClaim("status_list");
        return StatusArray.inflate(
                        ((Number) claim.get("bits")).longValue(),
                        Base64Url.decode((String) claim.get("lst")),
                        ListReader.LONGEST_LIST)
                .get(index);
    }

    @Test
    void a_revocation_shows_in_another_process_within_five_seconds() throws Throwable {
        PublishedLists other = new PublishedLists(lists, certificates, keyring, sessions, settings);
        TestStatus.Issued issued = TestStatus.issue(pool, indexes, "minji", 2, 3, null);
        int index = issued.places().getFirst().index();
        assertEquals(0, value(other, issued.list(), index));
        TestStatus.put(TestTokens.client("city-hall"), issued.id(), "suspended", "under_review")
                .then()
                .statusCode(200);
        long start = System.nanoTime();
        while (value(other, issued.list(), index) != 2) {
            assertTrue(System.nanoTime() - start < 5_000_000_000L, "not after five seconds");
            Thread.sleep(50);
        }
        System.out.println("another process told of it after " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
}
