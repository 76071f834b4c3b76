package city.madang.records.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.keys.Keyring;
import city.madang.records.RecordsConfig;
import city.madang.records.log.cosigning.TestCosigners;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * The service's sequencer and publisher in a process of their own, which appends and queues without end and says on its standard output what it was told.
 * Arguments: URL, user and password of the database, agency, file with the log's key, a name for this life of the process, a seed.
 */
final class SequencerProcess {

    static final String ORIGIN = "https://city.example";

    private SequencerProcess() {}

    public static void main(String[] arguments) throws Exception {
        String agency = arguments[3];
        String life = arguments[5];
        Random random = new Random(Long.parseLong(arguments[6]));
        Vertx vertx = Vertx.vertx();
        PgConnectOptions options = PgConnectOptions.fromUri(arguments[0])
                .setUser(arguments[1])
                .setPassword(arguments[2])
                .setCachePreparedStatements(true);
        Pool pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(8))
                .connectingTo(options)
                .using(vertx)
                .build());
        RecordsConfig config = config();
        LogKeys keys = new LogKeys(new StoredKey(Path.of(arguments[4])), config);
        LogReader reader = new LogReader(pool);
        LogSequencer sequencer = new LogSequencer(pool, vertx);
        RecordLog log = new RecordLog(pool, keys, sequencer);
        sequencer.start(null);
        new CheckpointPublisher(pool, keys, reader, TestCosigners.none(config), vertx).start(null);
        Semaphore room = new Semaphore(64);
        for (int i = 0; ; i++) {
            String key = life + "/" + i;
            byte[] entry = ("entry of " + key).getBytes(UTF_8);
            room.acquire();
            if (random.nextInt(4) == 0) {
                log.queue(pool, agency, key, entry)
                        .subscribe()
                        .with(
                                queued -> {
                                    say("queued " + key);
                                    room.release();
                                },
                                failure -> room.release());
            } else {
                log.append(agency, key, entry)
                        .subscribe()
                        .with(
                                index -> {
                                    say("logged " + key + " " + index);
                                    room.release();
                                },
                                failure -> room.release());
            }
            if (random.nextInt(50) == 0) {
                Thread.sleep(random.nextInt(30));
            }
        }
    }

    private static synchronized void say(String line) {
        // a line that a kill cuts off lacks its end
        System.out.println(line + " .");
        System.out.flush();
    }

    private static RecordsConfig config() {
        RecordsConfig.Witness witness = proxy(RecordsConfig.Witness.class, Optional.empty());
        return (RecordsConfig) Proxy.newProxyInstance(
                SequencerProcess.class.getClassLoader(),
                new Class<?>[] {RecordsConfig.class},
                (self, method, none) -> switch (method.getName()) {
                    case "origin" -> ORIGIN;
                    case "witness" -> witness;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static <T> T proxy(Class<T> type, Object answer) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, none) -> answer));
    }

    /** An Ed25519 key pair in a file: the only key, whatever it is asked for by. */
    record StoredKey(Path file) implements Keyring {

        @Override
        public PublicKey createIfAbsent(String id, Algorithm algorithm) {
            return publicKey(id).orElseThrow();
        }

        @Override
        public Optional<PublicKey> publicKey(String id) {
            try {
                return Optional.of(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(bytes(1))));
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException(broken);
            }
        }

        @Override
        public byte[] sign(String id, byte[] message) {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(
                        KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(bytes(0))));
                signature.update(message);
                return signature.sign();
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException(broken);
            }
        }

        private byte[] bytes(int line) {
            try {
                List<String> lines = Files.readAllLines(file);
                return Base64.getDecoder().decode(lines.get(line));
            } catch (java.io.IOException failed) {
                throw new java.io.UncheckedIOException(failed);
            }
        }
    }
}
