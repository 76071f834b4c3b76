package city.madang.records.measures;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.records.TrustAnchorResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResourceManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In a process that leaves sealing to others, so that what is queued here stays queued. */
@QuarkusTest
@TestProfile(BacklogTest.SealsNothing.class)
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
class BacklogTest {

    public static class SealsNothing implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("madang.sealing.enabled", "false");
        }
    }

    @Inject
    Pool pool;

    @Inject
    Backlog backlog;

    @AfterEach
    void tidy() {
        run("delete from sealing_job where agency = 'nobody'");
    }

    @Test
    void what_waits_is_told_and_a_process_that_does_not_seal_leaves_it_waiting() throws InterruptedException {
        run("insert into sealing_job (record, application, agency, job, created) values (gen_random_uuid(),"
                + " gen_random_uuid(), 'nobody', '{}', now() - interval '1 hour')");
        run(
                "insert into log (agency, origin, size, root, published_size, published_root, checkpoint)"
                        + " values ('quiet', 'city.example/records/log/quiet', 0, '\\x00', 0, '\\x00', '') on conflict do nothing");
        run("insert into log_witness (agency, witness, size, failing) values"
                + " ('quiet', 'https://witness.example', 0, now()) on conflict do nothing");
        Thread.sleep(1_000); // a worker would have taken the job by now, and failed at it
        backlog.look().await().indefinitely();

        String metrics = given().get(
                        URI.create(TestHTTPResourceManager.getManagementUri()).resolve("/q/metrics"))
                .asString();

        assertEquals(count("select count(*) from sealing_job"), number(metrics, "madang_records_sealing_waiting"));
        assertTrue(number(metrics, "madang_records_sealing_oldest_seconds") >= 3_600, metrics);
        assertTrue(number(metrics, "madang_records_log_unpublished") >= 0, metrics);
        assertTrue(number(metrics, "madang_records_anchor_behind_seconds") >= 0, metrics);
        assertEquals(0, number(metrics, "madang_records_log_size{agency=\"quiet\"}"));
        assertEquals(
                0,
                number(metrics, "madang_records_witness_behind{agency=\"quiet\",witness=\"https://witness.example\"}"));
        assertEquals(0, count("select attempts from sealing_job where agency = 'nobody'"));
    }

    private long count(String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private void run(String sql) {
        pool.query(sql).execute().await().indefinitely();
    }

    private static double number(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in\n" + metrics));
    }
}
