package city.madang.records.log.cosigning;

import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.records.TrustAnchorResource;
import city.madang.records.log.LogReader;
import city.madang.records.log.RecordLog;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.policy.PolicyFile;
import city.madang.tlog.policy.TrustPolicy;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.RestAssured;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The service publishes a log of its own under a policy, whose witness is the service itself, over HTTP. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
class CosignedPublishingTest {

    @Inject
    Pool pool;

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    RecordLog log;

    @Inject
    LogReader reader;

    @AfterEach
    void askNobody() {
        TrustAnchorResource.witnesses("quorum none\n");
    }

    private void create(String agency) throws Throwable {
        VertxContextSupport.subscribeAndAwait(() -> sessions.withTransaction(session -> log.create(session, agency)));
        awaitTrue("the empty log is published", () -> published(agency) == 0);
        TrustAnchorResource.knownLogs(
                "log " + given().get("/records/log/" + agency + "/vkey").asString() + "quorum none\n");
    }

    private long published(String agency) {
        return reader.published(agency)
                .await()
                .indefinitely()
                .map(LogReader.Published::size)
                .orElse(-1L);
    }

    private void append(String agency, String key) throws Throwable {
        VertxContextSupport.subscribeAndAwait(() -> log.append(agency, key, key.getBytes(UTF_8)));
    }

    private static String policy(String url, String quorum) {
        List<String> keys =
                given().get("/records/witness/vkeys").asString().lines().toList();
        return "witness classic " + keys.get(0) + " " + url + "\nwitness lattice " + keys.get(1) + " " + url + "\n"
                + quorum;
    }

    private static String self() {
        return "http://127.0.0.1:" + RestAssured.port + "/records/witness";
    }

    private TrustPolicy.Verdict verdict(String agency, String policy) throws Exception {
        SignedNote note = SignedNote.parse(
                given().get("/records/log/" + agency + "/checkpoint").asString());
        VerifierKey key = VerifierKey.parse(
                given().get("/records/log/" + agency + "/vkey").asString().strip());
        return PolicyFile.parse(policy.getBytes(UTF_8)).judge(note, List.of(key));
    }

    @Test
    void a_checkpoint_is_published_with_the_cosignatures_of_its_quorum() throws Throwable {
        create("witnessed");
        String policy = policy(self(), "group both all classic lattice\nquorum both\n");
        TrustAnchorResource.witnesses(policy);
        for (int i = 1; i <= 3; i++) {
            append("witnessed", "entry " + i);
            long size = i;
            awaitTrue("published", () -> published("witnessed") == size);
        }
        TrustPolicy.Verdict.Trusted trusted =
                assertInstanceOf(TrustPolicy.Verdict.Trusted.class, verdict("witnessed", policy));
        assertEquals(3, trusted.checkpoint().size());
        assertEquals(Set.of("classic", "lattice"), trusted.cosigned().keySet());
        String proof = given().get("/records/log/witnessed/entries/1/proof").asString();
        assertEquals(3, proof.lines().filter(line -> line.startsWith("— ")).count());
        assertEquals(3, count("select size from log_witness where agency = 'witnessed' and failing is null"));
    }

    @Test
    void without_its_quorum_a_checkpoint_is_not_published_and_then_the_log_catches_up() throws Throwable {
        create("unwitnessed");
        append("unwitnessed", "entry 0");
        awaitTrue("published without witnesses", () -> published("unwitnessed") == 1);
        TrustAnchorResource.witnesses(policy("http://127.0.0.1:1", "quorum classic\n"));
        append("unwitnessed", "entry 1");
        append("unwitnessed", "entry 2");
        awaitTrue(
                "the failure is noted",
                () -> count("select count(*) from log_witness where agency = 'unwitnessed' and failing is not null")
                        == 1);
        assertEquals(1, published("unwitnessed"));
        assertTrue(log.publishedIndex("unwitnessed", "entry 2")
                .await()
                .indefinitely()
                .isEmpty());

        TrustAnchorResource.witnesses(policy(self(), "quorum classic\n"));
        awaitTrue("it catches up", () -> published("unwitnessed") == 3);
    }

    @Test
    void what_a_false_witness_answers_is_no_cosignature() throws Throwable {
        create("misled");
        HttpServer liar = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String[] answer = {"200", "text/plain", "nonsense\n"};
        liar.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] body = answer[2].getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer[1]);
            exchange.sendResponseHeaders(Integer.parseInt(answer[0]), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        liar.start();
        try {
            TrustAnchorResource.witnesses(
                    policy("http://127.0.0.1:" + liar.getAddress().getPort(), "quorum classic\n"));
            append("misled", "entry 0");
            String other = TestLog.make("witness.example", "x")
                    .checkpoint(3)
                    .signatures()
                    .getFirst()
                    .line();
            for (String[] lie : new String[][] {
                {"200", "text/plain", "nonsense\n"},
                {"200", "text/plain", other},
                {"409", "text/x.tlog.size", "77\n"},
                {"409", "text/x.tlog.size", "-1\n"},
                {"409", "text/plain", "0\n"},
                {"500", "text/plain", "x"},
                {"200", "text/plain", "x".repeat(SignedNote.LONGEST + 10)}
            }) {
                System.arraycopy(lie, 0, answer, 0, 3);
                pool.query("delete from log_witness where agency = 'misled'")
                        .execute()
                        .await()
                        .indefinitely();
                awaitTrue(
                        "the lie is noted: " + lie[0] + " " + lie[2].substring(0, 1),
                        () -> count("select count(*) from log_witness where agency = 'misled' and failing is not null")
                                == 1);
                assertEquals(0, published("misled"));
            }
            // the log was set back, as far as the witness knows
            System.arraycopy(new String[] {"409", "text/x.tlog.size", "77\n"}, 0, answer, 0, 3);
            awaitTrue(
                    "it says so",
                    () -> count(
                                    "select count(*) from log_witness where agency = 'misled' and failure like '%set back%'")
                            == 1);
        } finally {
            liar.stop(0);
        }
    }

    private long count(String sql) {
        return pool.preparedQuery(sql)
                .execute(Tuple.tuple())
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }
}
