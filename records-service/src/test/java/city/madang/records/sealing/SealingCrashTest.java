package city.madang.records.sealing;

import static city.madang.records.OtherServices.await;
import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.TestTokens;
import city.madang.kit.handover.HandoverKey;
import city.madang.records.City;
import city.madang.records.OtherServices;
import city.madang.records.TrustAnchorResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Connections die in the middle of each step, as in a crash; several workers are at the same job. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SealingCrashTest {

    private static final int WORKERS = 4;

    @Inject
    Pool pool;

    @Inject
    SealingWorker worker;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private OtherServices others;

    @BeforeEach
    void register() {
        if (others == null) {
            others = new OtherServices(broker);
            City.publish("transport", "crash-permit", City.officerDecides());
            others.register("transport", "교통국", "Transport Bureau");
        }
    }

    @AfterAll
    void close() {
        others.close();
    }

    @Test
    void crashes_between_all_steps_and_racing_workers_leave_one_record_one_entry_and_one_event() {
        UUID application = City.apply("junho", "crash-permit");
        others.tell(
                "identity",
                "presentation.waived",
                application.toString(),
                new JsonObject()
                        .put("application", application.toString())
                        .put("handover_key", HandoverKey.publicJwk(HandoverKey.generate())));
        awaitTrue("deciding", () -> City.state(application, TestTokens.user("junho"))
                .equals("deciding"));

        SqlConnection queue = hold("lock table log_queue in exclusive mode");
        given().auth()
                .oauth2(TestTokens.user("officer.transport"))
                .contentType("application/json")
                .body("{\"decision\": \"granted\", \"reason\": \"as the bylaw says\"}")
                .post("/records/applications/" + application + "/decision")
                .then()
                .statusCode(200);
        // the PDF is stored and the record written, but not committed
        killWhoeverWaitsWith("insert into log_queue%");
        assertEquals(0, count("select count(*) from record where application = $1", application));

        SqlConnection log = hold("select size from log where agency = 'transport' for update");
        release(queue);
        List<CompletableFuture<Boolean>> workers = new ArrayList<>();
        awaitTrue("sealed by one of many workers", () -> {
            for (int i = 0; i < WORKERS; i++) {
                workers.add(worker.sealNext().subscribeAsCompletionStage());
            }
            workers.forEach(CompletableFuture::join);
            return count("select count(*) from record where application = $1", application) == 1;
        });
        UUID record = query("select id from record where application = $1", application)
                .iterator()
                .next()
                .getUUID(0);
        // the record is committed and its entry is being logged
        killWhoeverWaitsWith("update log set size%");

        SqlConnection told = hold("select id from record where id = '" + record + "' for update");
        release(log);
        // the entry is logged and published, and the record is being marked
        killWhoeverWaitsWith("update record set told%");
        given().get("/records/verify/" + record).then().statusCode(404);
        release(told);

        others.awaitEvent("record.sealed", data -> record.toString().equals(data.getString("record")));
        awaitTrue("completed", () -> City.state(application, TestTokens.user("junho"))
                .equals("completed"));
        assertEquals(1, count("select count(*) from record where application = $1", application));
        assertEquals(
                1,
                query("select index from log_key where key = $1", SealingWorker.logKey(record, 1))
                        .size());
        assertEquals(0, count("select count(*) from sealing_job where application = $1", application));
        assertEquals(
                0,
                query("select key from log_queue where key = $1", SealingWorker.logKey(record, 1))
                        .size());
        assertEquals(
                1, others.count("record.sealed", data -> application.toString().equals(data.getString("application"))));
        byte[] pdf = given().auth()
                .oauth2(TestTokens.user("junho"))
                .get("/records/documents/" + record + "/pdf")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        given().contentType("application/pdf")
                .body(pdf)
                .post("/records/verify")
                .then()
                .statusCode(200)
                .body("valid", org.hamcrest.Matchers.equalTo(true));
    }

    private SqlConnection hold(String statement) {
        SqlConnection connection = pool.getConnection().await().indefinitely();
        connection.query("begin").execute().await().indefinitely();
        connection.query(statement).execute().await().indefinitely();
        return connection;
    }

    private static void release(SqlConnection connection) {
        connection.query("rollback").execute().await().indefinitely();
        connection.close().await().indefinitely();
    }

    private void killWhoeverWaitsWith(String statement) {
        await(
                "someone waits with " + statement,
                () -> query(
                                                "select pg_terminate_backend(pid) from pg_stat_activity where"
                                                        + " datname = current_database() and wait_event_type = 'Lock' and query like $1",
                                                statement)
                                        .size()
                                > 0
                        ? true
                        : null);
    }

    private RowSet<Row> query(String statement, Object parameter) {
        return pool.preparedQuery(statement)
                .execute(Tuple.of(parameter))
                .await()
                .indefinitely();
    }

    private long count(String statement, UUID parameter) {
        return query(statement, parameter).iterator().next().getLong(0);
    }
}
