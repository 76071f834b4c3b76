package city.madang.identity.agencies;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Document signers are renewed, and made in a city that is older than its IACA, without anyone asking. */
@QuarkusTest
class DocumentSignersTest {

    private static final List<String> PURPOSES = List.of("document-signer", "mdoc-status");

    @Inject
    DocumentSigners signers;

    @Inject
    Pool pool;

    private final String agency = "d" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void registered() {
        given().header("Authorization", "Bearer " + TestTokens.user("officer.cityhall"))
                .contentType("application/json")
                .body(Map.of("name", Map.of("ko", "기관", "en", "An agency")))
                .put("/identity/agencies/" + agency)
                .then()
                .statusCode(oneOf(200, 201));
    }

    private String shown(String purpose, String member) {
        return given().get("/identity/agencies/" + agency)
                .then()
                .statusCode(200)
                .extract()
                .path("certificates.find { it.purpose == '" + purpose + "' }?." + member);
    }

    private void sql(String statement, String purpose) {
        pool.preparedQuery(statement).execute(Tuple.of(agency, purpose)).await().indefinitely();
    }

    private int certificates(String purpose) {
        return pool.preparedQuery(
                        "select count(*)::int as n from agency_certificate where agency = $1 and purpose = $2")
                .execute(Tuple.of(agency, purpose))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getInteger("n");
    }

    private void renew() throws Throwable {
        VertxContextSupport.subscribeAndAwait(signers::renew);
    }

    @Test
    void what_has_a_year_left_is_renewed_with_the_same_key_and_what_has_more_is_not() throws Throwable {
        for (String purpose : PURPOSES) {
            renew();
            assertEquals(1, certificates(purpose));
            String kid = shown(purpose, "kid");
            String before = shown(purpose, "sha256");
            sql(
                    "update agency_certificate set not_after = now() + interval '366 days' where agency = $1 and purpose = $2",
                    purpose);
            renew();
            assertEquals(kid, shown(purpose, "kid"));
            assertNotEquals(before, shown(purpose, "sha256"));
            assertTrue(Instant.parse(shown(purpose, "not_after"))
                    .isAfter(Instant.now().plus(Duration.ofDays(456))));
            renew();
            assertEquals(2, certificates(purpose));
        }
    }

    @Test
    void an_agency_from_before_the_iaca_gets_its_document_signer() throws Throwable {
        for (String purpose : PURPOSES) {
            sql("delete from agency_certificate where agency = $1 and purpose = $2", purpose);
            assertNull(shown(purpose, "kid"));
        }
        renew();
        for (String purpose : PURPOSES) {
            assertEquals("service", shown(purpose, "key_holder"));
        }
    }

    /** While the service is upgraded, processes of before know neither the purposes nor the column. */
    @Test
    void processes_from_before_read_and_write_the_certificates_that_they_know() {
        int known = pool.preparedQuery(
                        "select count(*)::int as n from certificate where agency = $1 and purpose not in ('credential-issuer', 'verifier')")
                .execute(Tuple.of(agency))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getInteger("n");
        assertEquals(0, known);
        sql(
                "insert into certificate (id, agency, purpose, key_sha256, leaf_sha256, chain, issued, not_after, key_version)"
                        + " select gen_random_uuid(), agency, $2, key_sha256, 'renewed ' || agency, chain, now(), not_after, key_version"
                        + " from certificate where agency = $1 and purpose = 'verifier'",
                "verifier");
        assertEquals(2, certificates("verifier"));
    }

    @Test
    void after_a_revocation_nothing_is_made_without_a_rotation() throws Throwable {
        sql(
                "update agency_certificate set revoked_at = now(), revocation_reason = 'superseded' where agency = $1 and purpose = $2",
                "document-signer");
        renew();
        assertEquals(1, certificates("document-signer"));
        assertNull(shown("document-signer", "kid"));
    }
}
