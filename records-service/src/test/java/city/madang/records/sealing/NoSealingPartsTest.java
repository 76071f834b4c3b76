package city.madang.records.sealing;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertFalse;

import city.madang.devstack.testing.DevstackResource;
import city.madang.records.TrustAnchorResource;
import city.madang.records.paper.Paper;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Augmented as for a native executable: all but what prints, seals and checks documents. */
@QuarkusTest
@TestProfile(NoSealingPartsTest.AsNative.class)
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
class NoSealingPartsTest {

    public static class AsNative implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.native.enabled", "true",
                    "quarkus.native.sources-only", "true",
                    "madang.sealing.enabled", "false");
        }
    }

    @Inject
    Instance<SealingWorker> worker;

    @Inject
    Instance<Paper> paper;

    @Test
    void a_process_without_these_parts_starts_and_says_that_it_checks_no_files() {
        assertFalse(worker.isResolvable());
        assertFalse(paper.isResolvable());
        given().contentType("application/pdf")
                .body("%PDF-1.7".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .post("/records/verify")
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:madang:problem:unavailable"));
        given().get("/records/verify/trust").then().statusCode(200);
        given().get("/records/services").then().statusCode(200);
    }
}
