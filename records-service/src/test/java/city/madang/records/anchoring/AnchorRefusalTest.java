package city.madang.records.anchoring;

import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.AnchorContract;
import city.madang.contracts.Chain;
import city.madang.contracts.ChainException;
import city.madang.contracts.ChainSender;
import city.madang.contracts.Credentials;
import city.madang.contracts.LedgerContract;
import city.madang.contracts.LedgerRoles;
import city.madang.devstack.testing.DevstackResource;
import city.madang.records.TrustAnchorResource;
import city.madang.records.log.LogReader;
import city.madang.records.log.RecordLog;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResourceManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
class AnchorRefusalTest {

    /** Far beyond what this test's log grows to. */
    private static final long TOO_FAR = 1_000_000;

    @Inject
    Pool pool;

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    RecordLog log;

    @Inject
    LogReader logs;

    @Inject
    AnchorChain chain;

    @Inject
    AnchorStore store;

    @Inject
    Vertx vertx;

    @Inject
    io.micrometer.core.instrument.MeterRegistry meters;

    @ConfigProperty(name = "madang.chain.rpc-url")
    String rpcUrl;

    @ConfigProperty(name = "madang.chain.keys-dir")
    Path keys;

    private void logged(String agency, String key) throws Throwable {
        VertxContextSupport.subscribeAndAwait(() -> sessions.withTransaction(session -> log.create(session, agency)));
        log.queue(pool, agency, key, key.getBytes(UTF_8)).await().indefinitely();
        awaitTrue(
                "published",
                () -> log.publishedIndex(agency, key).await().indefinitely().isPresent());
    }

    private long anchors(String agency) {
        return store.list(agency, Long.MAX_VALUE, 100).await().indefinitely().size();
    }

    private AnchorStore.Contract at() {
        return store.contract().await().indefinitely().orElseThrow();
    }

    @Test
    void a_log_whose_checkpoint_the_contract_refuses_is_not_anchored_and_the_others_are() throws Throwable {
        logged("going-back", "back/0");
        awaitTrue("anchored", () -> anchors("going-back") == 1);
        LogReader.Published first =
                logs.published("going-back").await().indefinitely().orElseThrow();
        AnchorContract contract = chain.open(at());
        byte[] other = first.root().clone();
        other[0] ^= 1;
        refused("Fork", () -> anchor(contract, first.origin(), first.size(), other));
        refused("Inconsistent", () -> anchor(contract, first.origin(), TOO_FAR, other));

        // as if the database had been set back to before checkpoints that the contract holds
        String ahead = first.origin().replace("going-back", "set-back");
        anchor(contract, ahead, TOO_FAR, other);
        // as if the log had been written anew under the same name
        String another = first.origin().replace("going-back", "rewritten");
        anchor(contract, another, 1, other);
        logged("set-back", "back/0");
        logged("rewritten", "anew/0");
        logged("rewritten", "anew/1");
        awaitTrue("the refusals show", () -> {
            String ready = given().get(URI.create(TestHTTPResourceManager.getManagementUri())
                            .resolve("/q/health/ready"))
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString();
            return ready.contains("set-back") && ready.contains("rewritten");
        });
        logged("going-on", "on/0");
        awaitTrue("the other log is anchored", () -> anchors("going-on") == 1);
        assertEquals(0, anchors("set-back"));
        assertEquals(0, anchors("rewritten"));
        given().get("/records/log/set-back/checkpoint").then().statusCode(200).body(containsString("\n1\n"));
        given().get("/records/log/set-back/anchors").then().statusCode(200).body("items.size()", equalTo(0));
    }

    @Test
    void after_an_outage_the_latest_checkpoint_is_anchored_with_a_proof_from_the_last_one() throws Throwable {
        logged("after-outage", "first");
        awaitTrue("anchored", () -> anchors("after-outage") == 1);
        AnchorStore.Contract right = at();
        // the anchorer hangs as it would on a chain that does not answer; the log grows and is published meanwhile
        SqlConnection outage = pool.getConnection().await().indefinitely();
        outage.query("begin; lock table anchor in access exclusive mode")
                .execute()
                .await()
                .indefinitely();
        try {
            for (int i = 0; i < 30; i++) {
                log.queue(pool, "after-outage", "more/" + i, ("more " + i).getBytes(UTF_8))
                        .await()
                        .indefinitely();
            }
            awaitTrue(
                    "it is published",
                    () -> logs.published("after-outage")
                                    .await()
                                    .indefinitely()
                                    .orElseThrow()
                                    .size()
                            == 31);
        } finally {
            outage.query("commit").execute().await().indefinitely();
            outage.close().await().indefinitely();
        }
        awaitTrue(
                "it is anchored",
                () -> store.list("after-outage", Long.MAX_VALUE, 1)
                                .await()
                                .indefinitely()
                                .getFirst()
                                .size()
                        == 31);
        // the first, perhaps one that was under way, and one step over all that came between
        assertTrue(anchors("after-outage") <= 3, "steps: " + anchors("after-outage"));
        AnchorContract contract = chain.open(right);
        LogReader.Published published =
                logs.published("after-outage").await().indefinitely().orElseThrow();
        assertEquals(
                31, chain.latest(contract, published.origin()).orElseThrow().size());
        given().get("/records/log/after-outage/anchors")
                .then()
                .statusCode(200)
                .body("items[0].gas_used", org.hamcrest.Matchers.greaterThan(50_000));
    }

    private void anchor(AnchorContract contract, String origin, long size, byte[] root) {
        chain.anchor(contract, "nobody", origin, size, root, java.util.List.of());
    }

    private static void refused(String error, org.junit.jupiter.api.function.Executable call) {
        assertEquals(error, assertThrows(ChainException.Reverted.class, call).error());
    }

    @Test
    void where_other_code_stands_nothing_is_anchored_and_everything_else_goes_on() throws Throwable {
        logged("well-anchored", "well/0");
        awaitTrue("anchored", () -> anchors("well-anchored") == 1);
        AnchorStore.Contract right = at();
        try (Chain direct = Chain.connect(rpcUrl)) {
            ChainSender sender = new ChainSender(direct, Credentials.load(keys.resolve("auditor.hex")));
            LedgerRoles roles = new LedgerRoles(
                    address("payment-operator"),
                    address("auditor"),
                    address("treasurer-a"),
                    address("treasurer-b"),
                    address("identity-authority"));
            String ledger = LedgerContract.deploy(sender, roles).address();
            for (String wrong : new String[] {ledger, "0x00000000000000000000000000000000000000aa"}) {
                note(wrong);
                try {
                    // as a service that starts and finds this address
                    Anchorer fresh = new Anchorer(chain, store, logs, vertx, meters);
                    long before = direct.blockNumber();
                    VertxContextSupport.subscribeAndAwait(fresh::turn);
                    assertTrue(fresh.contractState().startsWith("refused: "), fresh.contractState());
                    assertTrue(fresh.contractState().contains(wrong), fresh.contractState());
                    VertxContextSupport.subscribeAndAwait(fresh::turn);
                    assertEquals(before, direct.blockNumber(), "something was sent");
                    given().get("/records/log/well-anchored/checkpoint").then().statusCode(200);
                    given().get(URI.create(TestHTTPResourceManager.getManagementUri())
                                    .resolve("/q/health/ready"))
                            .then()
                            .statusCode(200);
                } finally {
                    note(right.address());
                }
            }
        }
        logged("well-anchored", "well/1");
        awaitTrue("anchored again", () -> anchors("well-anchored") == 2);
    }

    private String address(String name) {
        return Credentials.load(keys.resolve(name + ".hex")).address();
    }

    private void note(String address) {
        pool.preparedQuery("update anchor_contract set address = $1")
                .execute(Tuple.of(address))
                .await()
                .indefinitely();
    }
}
