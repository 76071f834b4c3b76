package city.madang.identity;

import static city.madang.identity.WalletSession.proofs;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever breaks between a request for a credential and its answer: nothing is issued twice, nothing that was promised is lost, and
 * the wallet gets it when it asks again.
 */
@QuarkusTest
class IssuanceOutageTest {

    @Inject
    Pool pool;

    private final List<ECKey> keys = WalletSession.keys(2);
    private Map<String, Object> announced;
    private WalletSession session;

    @BeforeEach
    void redeemed() {
        TestCity.register("city-hall");
        announced = TestWallet.residencyOffer();
        session = WalletSession.redeem(announced);
    }

    @AfterEach
    void repaired() {
        run("drop trigger if exists broken on issuance");
        run("drop trigger if exists broken on outbox");
    }

    private void run(String sql) {
        pool.query(sql).execute().await().indefinitely();
    }

    private void breaking(String table, String how) {
        run("create or replace function broken() returns trigger language plpgsql as $$ begin " + how
                + " return new; end $$");
        run("create trigger broken before insert on " + table + " for each row execute function broken()");
    }

    private Response ask() {
        return session.jwt("residency", proofs(TestWallet.nonce(), keys));
    }

    private Row state() {
        return pool.preparedQuery("select o.state, (select count(*) from issuance i where i.offer = o.id) as issued,"
                        + " (select count(*) from outbox e where e.subject = cast(o.id as text)"
                        + " and e.type = 'credential.issued') as told from credential_offer o where o.id = $1")
                .execute(Tuple.of(UUID.fromString((String) announced.get("id"))))
                .await()
                .indefinitely()
                .iterator()
                .next();
    }

    private void issued(String state, int times) {
        Row row = state();
        assertEquals(state, row.getString("state"));
        assertEquals(times, row.getLong("issued"));
        assertTrue(row.getLong("told") <= times);
    }

    private List<String> credentials() {
        return ask().then().statusCode(200).extract().path("credentials.credential");
    }

    private void servedOnce() {
        List<String> first = credentials();
        issued("issued", 1);
        assertEquals(first, credentials(), "the same again");
        issued("issued", 1);
        WalletSession.refused(
                session.jwt("residency", proofs(TestWallet.nonce(), WalletSession.keys(2))),
                400,
                "credential_request_denied");
        issued("issued", 1);
    }

    @Test
    void what_was_signed_and_could_not_be_noted_was_not_issued() {
        breaking("issuance", "raise exception 'the database is out of order';");
        ask().then().statusCode(greaterThanOrEqualTo(500));
        issued("redeemed", 0);
        repaired();
        servedOnce();
    }

    @Test
    void an_issuance_that_cannot_be_told_is_none() {
        breaking("outbox", "if new.type = 'credential.issued' then raise exception 'no room'; end if;");
        ask().then().statusCode(greaterThanOrEqualTo(500));
        issued("redeemed", 0);
        repaired();
        servedOnce();
    }

    @Test
    void a_connection_that_dies_in_the_middle_takes_everything_back() throws Exception {
        breaking("issuance", "perform pg_sleep(5);");
        try (ExecutorService one = Executors.newSingleThreadExecutor()) {
            Future<Response> asked = one.submit(this::ask);
            int killed = 0;
            for (int i = 0; i < 100 && killed == 0; i++) {
                Thread.sleep(50);
                killed = pool.query(
                                "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                                        + " and state = 'active' and wait_event = 'PgSleep'")
                        .execute()
                        .await()
                        .indefinitely()
                        .size();
            }
            assertEquals(1, killed, "the statement was caught in the act");
            asked.get().then().statusCode(greaterThanOrEqualTo(500));
        }
        issued("redeemed", 0);
        repaired();
        servedOnce();
    }

    @Test
    void an_answer_that_never_arrived_is_given_again() throws Exception {
        breaking("issuance", "perform pg_sleep(0.3);");
        String body = JSONObjectUtils.toJSONString(
                WalletSession.request("residency", "jwt", proofs(TestWallet.nonce(), keys)));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(
                            ("POST /identity/credential HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                            + "Authorization: Bearer " + session.token + "\r\nContent-Length: "
                                            + bytes.length
                                            + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            Thread.sleep(100);
            // gone while the database still writes
        }
        for (int i = 0; i < 60 && state().getLong("issued") == 0; i++) {
            Thread.sleep(50);
        }
        issued("issued", 1);
        repaired();
        servedOnce();
    }

    @Test
    void a_code_is_good_once_and_what_it_gave_goes_on() {
        TestWallet.token(TestWallet.code(announcedOffer()), (String) announced.get("tx_code"))
                .then()
                .statusCode(400);
        issued("redeemed", 0);
        servedOnce();
    }

    private Map<String, Object> announcedOffer() {
        Map<String, String> link = TestWallet.query((String) announced.get("credential_offer_by_value"));
        try {
            return JSONObjectUtils.parse(link.get("credential_offer"));
        } catch (java.text.ParseException broken) {
            throw new AssertionError(broken);
        }
    }
}
