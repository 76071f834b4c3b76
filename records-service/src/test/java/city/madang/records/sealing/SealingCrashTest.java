package city.madang.records.sealing;

import static city.madang.records.OtherServices.await;
import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.TestTokens;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.outage.Outage;
import city.madang.records.City;
import city.madang.records.OtherServices;
import city.madang.records.TrustAnchorResource;
import city.madang.tlog.tree.Hashes;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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

    /** As many as the service's pool has connections: no fewer are sure to meet each of them. */
    private static final int POOL = 20;

    /** Of workers that this test plays. */
    private static final UUID LEASE = UUID.randomUUID();

    @Inject
    Pool pool;

    @Inject
    SealingWorker worker;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final List<SqlConnection> held = new ArrayList<>();
    private OtherServices others;

    @BeforeEach
    void register() {
        if (others == null) {
            others = new OtherServices(broker);
            City.publish("transport", "crash-permit", City.officerDecides());
            others.register("transport", "교통국", "Transport Bureau");
        }
    }

    @AfterEach
    void nothingStaysLocked() {
        List.copyOf(held).forEach(this::release);
    }

    @AfterAll
    void close() {
        others.close();
    }

    @Test
    void crashes_between_all_steps_and_racing_workers_leave_one_record_one_entry_and_one_event() {
        UUID application = deciding();
        SqlConnection queue = hold("lock table log_queue in exclusive mode");
        grant(application);
        // the PDF is stored and the record written, but not committed
        killWhoeverWaitsWith("insert into log_queue%");
        assertEquals(0, count("select count(*) from record where application = $1", application));

        SqlConnection log = hold("select size from log where agency = 'transport' for update");
        release(queue);
        List<CompletableFuture<Boolean>> workers = new ArrayList<>();
        awaitTrue("sealed by one of many workers", () -> {
            for (int i = 0; i < WORKERS; i++) {
                workers.add(sealNext()
                        .onFailure(Outage::isOne)
                        .recoverWithItem(false)
                        .subscribeAsCompletionStage());
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

    /** As another process would. */
    private Uni<Boolean> sealNext() {
        return worker.claim(1)
                .chain(claims -> claims.isEmpty()
                        ? Uni.createFrom().item(false)
                        : worker.seal(claims.getFirst(), WritePoint.Crash.NEVER).replaceWith(true));
    }

    /**
     * Each application's worker dies at a write point, or is held up there until its lease is over and another has done the work, then goes on. The
     * property {@code madang.faults.seed} repeats a run.
     */
    @Test
    @Tag("faults")
    void a_sealer_that_dies_or_wakes_late_at_any_write_point_loses_nothing_and_seals_nothing_twice() {
        long seed = Long.getLong("madang.faults.seed", new Random().nextLong());
        int rounds = Integer.getInteger("madang.faults.rounds", 1);
        System.out.println("madang.faults.seed=" + seed);
        Random random = new Random(seed);
        run("create or replace function lease_to_the_test() returns trigger language plpgsql as $$ begin"
                + " new.lease := '" + LEASE + "'; new.leased_until := now() + interval '1 hour'; return new; end $$");
        run("create trigger lease_to_the_test before insert on sealing_job for each row"
                + " execute function lease_to_the_test()");
        try {
            for (int round = 0; round < rounds; round++) {
                List<WritePoint> points = new ArrayList<>(List.of(WritePoint.values()));
                Collections.shuffle(points, random);
                List<Fate> fates = new ArrayList<>();
                for (WritePoint point : points) {
                    fates.add(meet(point, random.nextBoolean()));
                }
                fates.forEach(this::sealedOnce);
            }
        } finally {
            run("drop trigger lease_to_the_test on sealing_job");
        }
    }

    private record Fate(WritePoint point, boolean late, UUID application, UUID record) {}

    /** Lets a worker have a granted application's job, and takes it from it at this point. */
    private Fate meet(WritePoint point, boolean late) {
        UUID application = deciding();
        grant(application);
        Row row = query("select record, job from sealing_job where application = $1", application)
                .iterator()
                .next();
        UUID record = row.getUUID(0);
        SealingWorker.Claim claim = new SealingWorker.Claim(LEASE, SealingJob.of(row.getString(1)));
        WritePoint.Crash crash = reached -> {
            if (reached != point) {
                return;
            }
            if (!late || !mayWait(point)) {
                throw new WritePoint.Died();
            }
            leaseIsOver(record);
            awaitTrue("another has sealed it", () -> count("select count(*) from record where id = $1", record) == 1);
        };
        try {
            pool.query("select 1")
                    .execute()
                    .chain(() -> worker.seal(claim, crash))
                    .await()
                    .indefinitely();
        } catch (WritePoint.Died died) {
            // as it was meant to
        }
        leaseIsOver(record);
        return new Fate(point, late, application, record);
    }

    /** Elsewhere a wait would hold up the event loop, or the row that the other one waits for. */
    private static boolean mayWait(WritePoint point) {
        return switch (point) {
            case SIGNED, HANDED_OVER, PDF_KEPT, JSON_KEPT -> true;
            default -> false;
        };
    }

    private void sealedOnce(Fate fate) {
        others.awaitEvent("record.sealed", data -> fate.record().toString().equals(data.getString("record")));
        assertEquals(
                1, count("select count(*) from record where application = $1", fate.application()), fate.toString());
        assertEquals(1, count("select count(*) from record_json where id = $1", fate.record()), fate.toString());
        assertEquals(
                1,
                query("select index from log_key where key = $1", SealingWorker.logKey(fate.record(), 1))
                        .size(),
                fate.toString());
        assertEquals(0, count("select count(*) from sealing_job where record = $1", fate.record()), fate.toString());
        byte[] pdf = given().auth()
                .oauth2(TestTokens.user("junho"))
                .get("/records/documents/" + fate.record() + "/pdf")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertEquals(
                java.util.HexFormat.of().formatHex(Hashes.of(pdf)),
                query("select pdf_sha256 from record where id = $1", fate.record())
                        .iterator()
                        .next()
                        .getString(0));
        assertEquals(1, others.count("record.sealed", data -> fate.application()
                .toString()
                .equals(data.getString("application"))));
    }

    private void leaseIsOver(UUID record) {
        pool.preparedQuery("update sealing_job set leased_until = now() - interval '1 second' where record = $1")
                .execute(Tuple.of(record))
                .await()
                .indefinitely();
    }

    private void run(String statement) {
        pool.query(statement).execute().await().indefinitely();
    }

    private UUID deciding() {
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
        return application;
    }

    private static void grant(UUID application) {
        given().auth()
                .oauth2(TestTokens.user("officer.transport"))
                .contentType("application/json")
                .body("{\"decision\": \"granted\", \"reason\": \"as the bylaw says\"}")
                .post("/records/applications/" + application + "/decision")
                .then()
                .statusCode(200);
    }

    private SqlConnection hold(String statement) {
        return bearing(() -> {
            SqlConnection connection = pool.getConnection().await().indefinitely();
            try {
                connection.query("begin").execute().await().indefinitely();
                connection.query(statement).execute().await().indefinitely();
            } catch (RuntimeException failed) {
                connection.close().onFailure().recoverWithNull().await().indefinitely();
                throw failed;
            }
            held.add(connection);
            return connection;
        });
    }

    /** Asks again where the pool lent out a connection that was killed: whoever was at work with it may give it back late. */
    private static <T> T bearing(Supplier<T> asked) {
        return OtherServices.await("an answer over a connection that lives", () -> {
            try {
                return asked.get();
            } catch (RuntimeException failed) {
                if (Outage.isOne(failed)) {
                    return null;
                }
                throw failed;
            }
        });
    }

    private void release(SqlConnection connection) {
        held.remove(connection);
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
        // until its end has been noticed, the pool may lend the killed connection out once more
        bearing(() -> Uni.join()
                .all(Collections.nCopies(POOL, pool.query("select 1").execute()))
                .andFailFast()
                .await()
                .indefinitely());
    }

    private RowSet<Row> query(String statement, Object parameter) {
        return bearing(() -> pool.preparedQuery(statement)
                .execute(Tuple.of(parameter))
                .await()
                .indefinitely());
    }

    private long count(String statement, UUID parameter) {
        return query(statement, parameter).iterator().next().getLong(0);
    }
}
