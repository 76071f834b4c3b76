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
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
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
        assertEquals(
                "Fork",
                assertThrows(
                                ChainException.Reverted.class,
                                () -> chain.anchor(contract, "going-back", first.origin(), first.size(), other))
                        .error());

        // as if the database had been set back to before that checkpoint
        chain.anchor(contract, "going-back", first.origin(), TOO_FAR, other);
        logged("going-back", "back/1");
        awaitTrue("the refusal shows", () -> given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .contains("going-back"));
        logged("going-on", "on/0");
        awaitTrue("the other log is anchored", () -> anchors("going-on") == 1);
        assertEquals(1, anchors("going-back"));
        given().get("/records/log/going-back/checkpoint").then().statusCode(200).body(containsString("\n2\n"));
        given().get("/records/log/going-back/anchors").then().statusCode(200).body("items.size()", equalTo(1));
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
                    Anchorer fresh = new Anchorer(chain, store, logs, vertx);
                    long before = direct.blockNumber();
                    VertxContextSupport.subscribeAndAwait(fresh::turn);
                    assertTrue(fresh.contractState().startsWith("refused: "), fresh.contractState());
                    assertTrue(fresh.contractState().contains(wrong), fresh.contractState());
                    VertxContextSupport.subscribeAndAwait(fresh::turn);
                    assertEquals(before, direct.blockNumber(), "something was sent");
                    given().get("/records/log/well-anchored/checkpoint").then().statusCode(200);
                    given().get("/q/health/ready").then().statusCode(200);
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
