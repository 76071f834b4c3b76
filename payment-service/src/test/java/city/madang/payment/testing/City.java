package city.madang.payment.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.contracts.Chain;
import city.madang.contracts.ChainSender;
import city.madang.contracts.Credentials;
import city.madang.contracts.LedgerContract;
import city.madang.devstack.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** What surrounds the service: agencies, money, the other services' events, the chain and the database behind its back. */
public final class City {

    private static final long RESERVE = 900_000_000_000_000L;

    /** More accounts of an owner than any one test opens. */
    private static final int KEPT = 30;

    private City() {}

    public static String config(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }

    /** A new account of a user. */
    public static Wallet wallet(String user) {
        return open(TestTokens.user(user));
    }

    /** An owner may have fifty accounts, and all tests share one database: older ones pass to nobody. */
    private static Wallet open(String token) {
        String subject = TestTokens.claims(token).path("sub").asText();
        try {
            execute("update account set owner = 'nobody' where x is not null and owner in ('" + subject
                    + "', 'city-hall', 'transport') and id not in (select id from account where owner in ('" + subject
                    + "', 'city-hall', 'transport') order by created desc limit " + KEPT + ")");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return Wallet.open(token, subject);
    }

    /** A new account with money. */
    public static Wallet wallet(String user, long won) {
        Wallet wallet = wallet(user);
        fund(wallet.account, won);
        return wallet;
    }

    /** Attests a reserve once, and mints to the account by two treasurers; returns when it has settled. */
    public static void fund(String account, long won) {
        if (Api.get("/payment/treasury/supply", null).json().getLong("reserve") < RESERVE) {
            expect(
                    201,
                    Api.post(
                            "/payment/treasury/reserve",
                            TestTokens.user("auditor"),
                            new JsonObject().put("amount", RESERVE).put("evidence_sha256", "0x" + "ab".repeat(32))));
        }
        JsonObject mint = expect(
                        201,
                        Api.post(
                                "/payment/treasury/mints",
                                TestTokens.user("treasurer.a"),
                                new JsonObject().put("to", account).put("amount", won)))
                .json();
        String path = "/payment/treasury/mints/" + mint.getString("id");
        expect(200, Api.post(path + "/approval", TestTokens.user("treasurer.b"), new JsonObject()));
        Api.await(() -> Api.get(path, TestTokens.user("treasurer.a")).json().getString("state"), "settled"::equals);
    }

    public static Api.Answer expect(int status, Api.Answer answer) {
        if (answer.status() != status) {
            throw new AssertionError("expected " + status + " but got " + answer);
        }
        return answer;
    }

    /** Registers an agency as the identity service would, and waits for its receiving account. */
    public static String agency(String agency) {
        List<String> found =
                query("select id from account where owner_kind = 'agency' and x is null and owner = '" + agency + "'");
        if (!found.isEmpty()) {
            return found.getFirst();
        }
        send(
                "madang.identity",
                "/identity-service",
                "agency.registered",
                agency,
                new JsonObject().put("agency", agency));
        return Api.await(
                        () -> query("select id from account where owner_kind = 'agency' and x is null and owner = '"
                                + agency + "'"),
                        rows -> !rows.isEmpty())
                .getFirst();
    }

    /** A bill of the city hall to a user. */
    public static JsonObject bill(String user, long won) {
        return present(claim(user, won));
    }

    /** One that may be paid in instalments. */
    public static JsonObject partialBill(String user, long won) {
        return present(claim(user, won).put("partial", true));
    }

    /** What the city hall asks for. */
    public static JsonObject claim(String user, long won) {
        return new JsonObject()
                .put("debtor", TestTokens.subject(user))
                .put("amount", won)
                .put("title", new JsonObject().put("ko", "수수료").put("en", "Fee"));
    }

    private static JsonObject present(JsonObject claim) {
        agency("city-hall");
        return expect(201, Api.post("/payment/bills", TestTokens.client("city-hall"), claim))
                .json();
    }

    /** A new account of an agency, with a key with which it pays back. */
    public static Wallet agencyWallet(String agency) {
        return open(TestTokens.client(agency));
    }

    public static UUID send(String topic, String source, String type, String subject, JsonObject data) {
        UUID id = UUID.randomUUID();
        send(topic, source, type, subject, data, id);
        return id;
    }

    public static void send(String topic, String source, String type, String subject, JsonObject data, UUID id) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", config("kafka.bootstrap.servers")),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var event = new ProducerRecord<>(topic, subject, data.encode().getBytes(StandardCharsets.UTF_8));
            Map.of(
                            "ce_specversion",
                            "1.0",
                            "ce_id",
                            id.toString(),
                            "ce_source",
                            source,
                            "ce_type",
                            type,
                            "ce_subject",
                            subject,
                            "ce_time",
                            Instant.now().toString(),
                            "content-type",
                            "application/json")
                    .forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(event).get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** First column of a query, as text. */
    public static List<String> query(String sql) {
        try (Connection connection = database();
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    public static long number(String sql) {
        return Long.parseLong(query(sql).getFirst());
    }

    public static int execute(String sql) throws SQLException {
        try (Connection connection = database()) {
            return connection.createStatement().executeUpdate(sql);
        }
    }

    public static Connection database() throws SQLException {
        return DriverManager.getConnection(
                config("quarkus.datasource.jdbc.url"),
                config("quarkus.datasource.username"),
                config("quarkus.datasource.password"));
    }

    /** Books a mint that both treasurers made without the service's knowledge. */
    public static void bookByHand(String account, long won) throws SQLException {
        UUID mint = UUID.randomUUID();
        execute("update treasury set committed = committed + " + won);
        execute("insert into mint (id, payee, amount, proposed_by, approved_by, state) values ('" + mint + "', '"
                + account + "', " + won + ", 'a', 'b', 'settled')");
    }

    /**
     * How often something was booked as a kind of entry; fails where a balance that it moved is not the sum of all that was booked.
     *
     * @param id of a transfer, mint or redemption
     */
    public static long booked(String kind, Object id) {
        String entry = "'" + kind + " " + id + "'";
        assertEquals(
                List.of(),
                query("select a.id from account a where a.id in (select account from booking where entry = " + entry
                        + ") and row(available, held) is distinct from (select row("
                        + "coalesce(sum(amount) filter (where bucket = 'available'), 0)::bigint,"
                        + " coalesce(sum(amount) filter (where bucket = 'held'), 0)::bigint)"
                        + " from booking where account = a.id)"),
                "balances that are not what was booked");
        return number("select count(distinct entry) from booking where entry = " + entry);
    }

    /** The contract, reached without the service. */
    public static LedgerContract contract() {
        Api.separator();
        return new LedgerContract(
                chain(), query("select address from chain_ledger").getFirst());
    }

    public static Chain chain() {
        return Chain.connect(config("madang.chain.rpc-url"));
    }

    public static ChainSender sender(String key) {
        return new ChainSender(
                chain(),
                Credentials.load(Path.of(config("madang.chain.keys-dir")).resolve(key + ".hex")));
    }

    /** Asks the development chain for something that no other chain does. */
    public static Object rpc(String method, Object... parameters) {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(config("madang.chain.rpc-url")))
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(new JsonObject()
                                    .put("jsonrpc", "2.0")
                                    .put("id", 1)
                                    .put("method", method)
                                    .put("params", new JsonArray(List.of(parameters)))
                                    .encode()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonObject json = new JsonObject(answer.body());
            if (json.containsKey("error")) {
                throw new AssertionError(method + ": " + answer.body());
            }
            return json.getValue("result");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Sets the development chain back to what {@code evm_snapshot} gave; its clock, which that turns back too, goes right again. */
    public static void revert(Object snapshot) {
        if (!Boolean.TRUE.equals(rpc("evm_revert", snapshot))) {
            throw new AssertionError("the chain was not set back");
        }
        rpc("evm_setTime", Instant.now().getEpochSecond());
    }

    /** Waits until an authorisation is no longer merely accepted. */
    public static JsonObject finished(Wallet payer, String authorisation) {
        return Api.await(
                () -> Api.get("/payment/authorisations/" + authorisation, payer.token)
                        .json(),
                found -> !found.getString("state").equals("accepted"));
    }
}
