package city.madang.bench.payments;

import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.process.Await;
import city.madang.devstack.stack.PaymentStack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the service, PostgreSQL, Kafka and the chain at random points under load, each started again on what it had on
 * disk. The chain loses what it had not written: the service finds that out and brings it back.
 */
@Tag("faults")
class PaymentFaultsTest {

    private static final int ACCOUNTS = 200;
    private static final int FEW_ROUNDS = 1;
    private static final List<String> SERVICE = List.of(
            "-Xms64m",
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dmadang.chain.after-rollback=resettle",
            "-Dmadang.settlement.patience=2s",
            "-Dmadang.settlement.after-failure=500ms",
            "-Dmadang.settlement.reconcile-every=2s");

    @Test
    void whatever_is_killed_every_payment_takes_effect_once_and_database_and_contract_agree(@TempDir Path folder)
            throws Exception {
        long seed = Long.getLong("madang.faults.seed", new Random().nextLong(1_000_000));
        int rounds = Integer.getInteger("madang.faults.rounds", FEW_ROUNDS);
        System.out.printf("payment faults: seed %d, %d rounds%n", seed, rounds);
        var random = new Random(seed);
        try (var stack = PaymentStack.start(new PaymentStack.Settings(folder, SERVICE, true));
                var inbox = new EventInbox(stack.kafka().bootstrapServers())) {
            var city = new PaymentCity(stack, ACCOUNTS);
            registerAgency(stack);
            var caller = new Caller(stack.service());
            var load = new FaultLoad(city, caller, stack.tokens());
            var checks = new LedgerChecks(stack);
            checks.agencyIsOpen("city-hall");
            for (var round = 1; round <= rounds; round++) {
                var before = load.accepted().size();
                var running = load.start(random.nextLong());
                killEach(stack, random);
                stack.awaitReady();
                running.end();
                checks.check(load, inbox);
                var here = load.accepted().size() - before;
                System.out.printf(
                        "payment faults: round %d, %d payments accepted, %d requests repeated, %d events redelivered%n",
                        round, here, caller.repeated(), inbox.redelivered());
                assertTrue(here > 0, "nothing was paid, so nothing was shown");
            }
        }
    }

    /** Each once, in a random order, some while others are still down. */
    private static void killEach(PaymentStack stack, Random random) throws InterruptedException {
        var order = new ArrayList<>(List.of(PaymentStack.Server.values()));
        Collections.shuffle(order, random);
        var restarts = new ArrayList<Thread>();
        for (var server : order) {
            Thread.sleep(400 + random.nextInt(1200));
            System.out.printf("payment faults: %s is killed%n", server);
            stack.kill(server);
            var pause = 100 + random.nextInt(1200);
            restarts.add(Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(pause);
                    stack.restart(server);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (var restart : restarts) {
            restart.join();
        }
    }

    /** As identity-service tells of it, which gives the agency its receiving account. */
    private static void registerAgency(PaymentStack stack) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) stack.kafka().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var event = new ProducerRecord<>(
                    "madang.identity", "city-hall", "{\"agency\":\"city-hall\"}".getBytes(StandardCharsets.UTF_8));
            Map.of(
                            "ce_specversion", "1.0",
                            "ce_id", UUID.randomUUID().toString(),
                            "ce_source", "/identity-service",
                            "ce_type", "agency.registered",
                            "ce_subject", "city-hall",
                            "ce_time", Instant.now().toString(),
                            "content-type", "application/json")
                    .forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(event).get();
        }
        try (var database = Limits.Database.connect(stack.database());
                var statement = database.createStatement()) {
            Await.until(
                    "the agency's account",
                    Duration.ofSeconds(30),
                    () -> {
                        try (var rows = statement.executeQuery(
                                "select count(*) from account where owner_kind = 'agency' and state = 'open'")) {
                            return rows.next() && rows.getInt(1) == 1;
                        } catch (java.sql.SQLException failed) {
                            throw new java.io.IOException(failed);
                        }
                    },
                    () -> "");
        }
    }
}
