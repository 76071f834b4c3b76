package city.madang.bench.records;

import city.madang.bench.report.Measured;
import city.madang.records.log.LogSequencer;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The service's sequencer without HTTP, sign-in and JSON, in a process of its own on the classes of the packaged service. It reads lines {@code entries
 * batch} from its standard input and answers a line of figures for each.
 */
public final class SequencerAlone {

    private static final int IN_FLIGHT = 16;
    private static final int ENTRY = 130;
    private static final double MILLION = 1e6;

    private SequencerAlone() {}

    /** Arguments: URL, user, password, agency. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var vertx = Vertx.vertx();
        var options = PgConnectOptions.fromUri(arguments[0])
                .setUser(arguments[1])
                .setPassword(arguments[2])
                .setCachePreparedStatements(true);
        var pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(4))
                .connectingTo(options)
                .using(vertx)
                .build());
        var sequencer = new LogSequencer(pool, vertx);
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            var words = line.split(" ", -1);
            System.out.println(round(sequencer, arguments[3], Integer.parseInt(words[0]), Integer.parseInt(words[1])));
            System.out.flush();
        }
        System.exit(0);
    }

    private static String round(LogSequencer sequencer, String agency, int entries, int batch)
            throws InterruptedException {
        var batches = new ArrayList<List<byte[]>>();
        var random = new SplittableRandom(System.nanoTime());
        for (var from = 0; from < entries; from += batch) {
            var some = new ArrayList<byte[]>();
            for (var i = 0; i < batch; i++) {
                var entry = new byte[ENTRY];
                random.nextBytes(entry);
                some.add(entry);
            }
            batches.add(some);
        }
        var latencies = new long[batches.size()];
        var failure = new AtomicReference<Throwable>();
        var room = new Semaphore(IN_FLIGHT);
        var done = new CountDownLatch(batches.size());
        var next = new AtomicInteger();
        var cpu = cpuNanos();
        var began = System.nanoTime();
        for (var some : batches) {
            room.acquire();
            var sent = System.nanoTime();
            sequencer
                    .append(agency, "alone/" + UUID.randomUUID(), some)
                    .subscribe()
                    .with(
                            appended -> {
                                latencies[next.getAndIncrement()] = System.nanoTime() - sent;
                                room.release();
                                done.countDown();
                            },
                            failed -> {
                                failure.set(failed);
                                room.release();
                                done.countDown();
                            });
        }
        done.await();
        var nanos = System.nanoTime() - began;
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
        Arrays.sort(latencies);
        var made = (double) batches.size() * batch;
        return "%f %f %f %f %f"
                .formatted(
                        batches.size() * 1e9 / nanos,
                        made * 1e9 / nanos,
                        latencies[latencies.length / 2] / MILLION,
                        latencies[Math.min(latencies.length - 1, latencies.length * 99 / 100)] / MILLION,
                        (cpuNanos() - cpu) / MILLION / made);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** The process as the benchmark sees it. */
    static final class Process implements AutoCloseable {

        private final java.lang.Process process;
        private final PrintWriter asks;
        private final BufferedReader answers;
        private final RecordsServers servers;

        private Process(java.lang.Process process, RecordsServers servers) {
            this.process = process;
            this.servers = servers;
            this.asks = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
            this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        static Process start(RecordsServers servers) throws IOException {
            var command = servers.onServiceClasses(
                    SequencerAlone.class,
                    servers.database().reactiveUrl(),
                    servers.database().user(),
                    servers.database().password(),
                    RecordsServers.AGENCY);
            return new Process(
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start(),
                    servers);
        }

        Measured round(int entries, int batch) throws IOException {
            var database = servers.databaseCost();
            var databaseCpu = database.cpuNanos();
            asks.println(entries + " " + batch);
            var answer = answers.readLine();
            if (answer == null) {
                throw new IOException("the sequencer's process ended");
            }
            var figures = Arrays.stream(answer.split(" ", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new Measured(
                    figures[0],
                    figures[1],
                    figures[2],
                    figures[3],
                    figures[4],
                    (database.cpuNanos() - databaseCpu) / MILLION / entries);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
