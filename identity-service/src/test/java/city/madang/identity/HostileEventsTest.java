package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.kit.handover.HandoverKey;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that cannot be taken go to the dead-letter topic at once, and leave nothing behind. */
@QuarkusTest
class HostileEventsTest {

    private static final JsonObject TEXT = new JsonObject().put("ko", "가").put("en", "a");

    @Inject
    Pool pool;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @BeforeEach
    void registered() {
        TestCity.register("transport");
    }

    private static JsonObject submitted(UUID application) {
        return new JsonObject()
                .put("application", application.toString())
                .put("service", "hostile")
                .put("agency", "transport")
                .put("applicant", TestTokens.subject("minji"))
                .put("handover_key", HandoverKey.publicJwk(HandoverKey.generate()))
                .put("dcql_query", new JsonObject(TestVerification.STREET_AND_DISTRICT));
    }

    private static JsonObject published() {
        JsonObject claim = new JsonObject().put("name", "plate").put("label", TEXT.copy());
        return new JsonObject()
                .put("service", "hostile")
                .put("agency", "transport")
                .put(
                        "credential",
                        new JsonObject()
                                .put("id", "hostile")
                                .put("display", TEXT.copy())
                                .put("validity_days", 30)
                                .put("claims", new JsonArray().add(claim)));
    }

    private record Sent(UUID id, String type, String subject, JsonObject data) {}

    @Test
    void malformed_events_are_poison_without_partial_effects() {
        List<Sent> sent = new ArrayList<>();
        List<UUID> applications = new ArrayList<>();
        for (Consumer<JsonObject> change : List.<Consumer<JsonObject>>of(
                data -> data.put("dcql_query", "not an object"),
                data -> data.put("dcql_query", new JsonObject()),
                data -> data.getJsonObject("dcql_query").put("x", nested(40)),
                data -> data.getJsonObject("dcql_query").put("x", "x".repeat(20_000)),
                data -> data.remove("handover_key"),
                data -> data.put("handover_key", "text"),
                data -> data.put("handover_key", new JsonObject().put("kty", "EC")),
                data -> data.put("handover_key", new JsonObject(HandoverKey.generate())),
                data -> data.remove("applicant"),
                data -> data.remove("agency"))) {
            UUID application = UUID.randomUUID();
            JsonObject data = new JsonObject(submitted(application).encode());
            change.accept(data);
            applications.add(application);
            sent.add(new Sent(UUID.randomUUID(), "application.submitted", application.toString(), data));
        }
        for (Consumer<JsonObject> change : List.<Consumer<JsonObject>>of(
                credential -> credential.put("display", new JsonObject()),
                credential -> credential.put("display", TEXT.copy().put("en", "x".repeat(201))),
                credential -> credential.put("display", TEXT.copy().put("en", "\0")),
                credential -> claim(credential).put("label", new JsonObject().put("ko", "가")),
                credential -> claim(credential).put("name", "_sd"),
                credential -> claim(credential).put("name", "cnf"),
                credential ->
                        credential.getJsonArray("claims").add(claim(credential).copy()),
                credential -> credential.put("claims", "plate"),
                credential -> credential.put("validity_days", 0),
                credential -> credential.put("validity_days", 1_000_000),
                credential -> credential.remove("validity_days"))) {
            JsonObject data = new JsonObject(published().encode());
            change.accept(data.getJsonObject("credential"));
            sent.add(new Sent(UUID.randomUUID(), "service.published", "hostile", data));
        }
        sent.add(new Sent(
                UUID.randomUUID(), "service.published", "hostile", published().put("credential", "text")));
        sent.add(new Sent(
                UUID.randomUUID(),
                "certificate.requested",
                "transport",
                new JsonObject()
                        .put("agency", "transport")
                        .put("purpose", "record-seal")
                        .put("csr", "MAUwAwIBAA==")));

        try (OtherServices others = new OtherServices(broker)) {
            sent.forEach(one -> others.tell(one.id(), one.type(), one.subject(), one.data()));
            UUID last = UUID.randomUUID();
            JsonObject good = submitted(last);
            good.remove("dcql_query");
            others.tell("application.submitted", last.toString(), good);
            others.hears("presentation.waived", last.toString());
        }

        Map<String, String> dead =
                deadLetters(sent.size(), sent.stream().map(Sent::id).toList());
        for (Sent one : sent) {
            assertEquals(
                    "city.madang.kit.events.Poison",
                    dead.get(one.id().toString()),
                    () -> one.type() + " " + one.data().encode());
        }
        for (UUID application : applications) {
            assertEquals(0, count("select count(*) from application where id = $1", application));
            assertEquals(0, count("select count(*) from presentation where application = $1", application));
        }
        given().get("/identity/vct/hostile").then().statusCode(404);
        given().get("/.well-known/openid-credential-issuer/identity").then().statusCode(200);
    }

    private static JsonObject claim(JsonObject credential) {
        return credential.getJsonArray("claims").getJsonObject(0);
    }

    private static JsonArray nested(int depth) {
        JsonArray deep = new JsonArray();
        for (int i = 0; i < depth; i++) {
            deep = new JsonArray().add(deep);
        }
        return deep;
    }

    private long count(String query, UUID id) {
        return pool.preparedQuery(query)
                .execute(Tuple.of(id))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    /** The class of the failure by the id of the event. */
    private Map<String, String> deadLetters(int expected, List<UUID> ids) {
        Map<String, String> dead = new HashMap<>();
        Map<String, Object> in = new HashMap<>();
        in.put("bootstrap.servers", broker);
        in.put("group.id", "test-" + UUID.randomUUID());
        in.put("auto.offset.reset", "earliest");
        in.put("metadata.max.age.ms", "500");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(in, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("madang.dead-letter.identity-service"));
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (dead.size() < expected && System.nanoTime() < end) {
                for (ConsumerRecord<String, String> letter : consumer.poll(Duration.ofMillis(200))) {
                    String id = header(letter, "ce_id");
                    if (ids.contains(UUID.fromString(id))) {
                        dead.put(id, header(letter, "dead-letter-exception-class-name"));
                    }
                }
            }
        }
        assertTrue(dead.size() <= expected);
        return dead;
    }

    private static String header(ConsumerRecord<String, String> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
