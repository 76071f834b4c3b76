package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import city.madang.payment.authorisations.KnownPayers.Payer;
import city.madang.payment.authorisations.KnownPayers.Signer;
import city.madang.payment.problems.PaymentProblem;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts authorisations in batches: what arrives together is verified together, decided together and written in one transaction, and
 * everyone gets an answer of their own once that has committed. Each payer has a {@link Lane}, so that batches that are decided at the same
 * time never wait for each other's payers.
 */
@ApplicationScoped
public class Acceptor {

    private static final Logger LOG = Logger.getLogger(Acceptor.class);

    /** The most that one transaction decides. */
    static final int BATCH_MAX = 500;

    /** The longest that a submission waits for its turn; then its caller has most likely gone, and is told to come again. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** How often a transaction that the database aborted for another's sake is tried. */
    private static final int ATTEMPTS = 3;

    private final AcceptanceStore store;
    private final Signatures signatures;
    private final Exposure exposure;
    private final MeterRegistry meters;
    private final Window window;
    private final List<Lane<Waiting>> lanes;
    private final int queueMax;
    private final AtomicInteger queued = new AtomicInteger();
    private volatile boolean stopped;

    Acceptor(
            AcceptanceStore store,
            Signatures signatures,
            Exposure exposure,
            AcceptanceConfig config,
            MeterRegistry meters) {
        this.store = store;
        this.signatures = signatures;
        this.exposure = exposure;
        this.meters = meters;
        this.window = config.window();
        this.queueMax = config.queueMax();
        this.lanes = IntStream.range(0, config.lanes())
                .mapToObj(i ->
                        new Lane<>("acceptor-" + i, BATCH_MAX, this::work, left -> left.forEach(Waiting::turnAway)))
                .toList();
    }

    /** @param signer with whose key it is signed; null where that is still to be looked at */
    private record Waiting(
            Submission submission, @Nullable Payer signer, long since, CompletableFuture<Answer> answer) {

        /** The same, to be looked at anew. */
        Waiting unchecked() {
            return new Waiting(submission, null, since, answer);
        }

        boolean tooLong() {
            return System.nanoTime() - since > LONGEST_WAIT.toNanos();
        }

        void turnAway() {
            answer.completeExceptionally(unavailable());
        }
    }

    /** @param payer with whose key it is signed */
    private record Signed(Waiting waiting, Payer payer) {

        Submission submission() {
            return waiting.submission();
        }

        Signer signer() {
            return new Signer(submission().pay().from(), payer);
        }
    }

    private record Key(Bytes32 id, Owner owner) {
        static Key of(Submission submission) {
            return new Key(submission.id(), submission.owner());
        }
    }

    /**
     * What a submitter is told.
     *
     * @param verdict what became of it
     * @param at when it was decided
     */
    public record Answer(Verdict verdict, Instant at) {}

    void start(@Observes StartupEvent started) {
        meters.gauge("madang.payment.authorisations.waiting", queued);
        lanes.forEach(Lane::start);
    }

    void stop(@Observes ShutdownEvent stopping) {
        stopped = true;
        lanes.forEach(Lane::stop);
    }

    /**
     * Decides a submission; throws {@code overloaded} when too many wait. Its signature is verified by the caller's thread where the payer is
     * remembered, and it is answered by the thread that decides batches.
     */
    CompletableFuture<Answer> submit(Submission submission) {
        return queue(List.of(submission)).getFirst().answer();
    }

    /**
     * Decides at most {@link #BATCH_MAX} submissions, those of each payer in their order; the answers in the submissions' order. Throws
     * {@code overloaded} for all when too many wait. Signatures keep the caller's thread and all cores busy for a while, and they are answered
     * by a thread that decides batches.
     */
    CompletableFuture<List<Answer>> submitAll(List<Submission> submissions) {
        List<Waiting> together = queue(submissions);
        return CompletableFuture.allOf(together.stream().map(Waiting::answer).toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> together.stream()
                        .map(waiting -> waiting.answer().join())
                        .toList());
    }

    private List<Waiting> queue(List<Submission> submissions) {
        long now = System.nanoTime();
        boolean full = queued.addAndGet(submissions.size()) > queueMax;
        try {
            if (stopped || full) {
                throw PaymentProblem.OVERLOADED.with("try again in a moment");
            }
            List<Waiting> together = submissions.parallelStream()
                    .map(submission ->
                            new Waiting(submission, signatures.signer(submission), now, new CompletableFuture<>()))
                    .toList();
            together.stream().collect(Collectors.groupingBy(this::lane)).forEach(Lane::add);
            return together;
        } catch (RuntimeException | Error refused) {
            queued.addAndGet(-submissions.size());
            throw refused;
        }
    }

    /** The lane of the payer. */
    private Lane<Waiting> lane(Waiting waiting) {
        return lanes.get(Math.floorMod(waiting.submission().pay().from().hashCode(), lanes.size()));
    }

    private void work(List<Waiting> batch) {
        queued.addAndGet(-batch.size());
        List<Waiting> inTime = new ArrayList<>(batch.size());
        for (Waiting waiting : batch) {
            if (waiting.tooLong()) {
                waiting.turnAway();
            } else {
                inTime.add(waiting);
            }
        }
        if (!inTime.isEmpty()) {
            answer(inTime);
        }
    }

    private void answer(List<Waiting> batch) {
        try {
            try {
                decideSigned(batch);
            } catch (AcceptanceStore.KeyReplaced outOfDate) {
                LOG.info("a batch of authorisations is verified anew", outOfDate);
                signatures.forget(submissions(batch));
                decideSigned(batch.stream()
                        .filter(waiting -> !waiting.answer().isDone())
                        .map(Waiting::unchecked)
                        .toList());
            }
        } catch (RuntimeException | Error failed) { // even an error must leave no caller without an answer
            LOG.error("a batch of authorisations could not be decided", failed);
            batch.forEach(Waiting::turnAway);
        }
    }

    private static List<Submission> submissions(List<Waiting> batch) {
        return batch.stream().map(Waiting::submission).toList();
    }

    private void decideSigned(List<Waiting> batch) {
        // the same authorisation sent many times at once is decided once
        Map<Key, List<Signed>> distinct = new LinkedHashMap<>();
        for (Signed signed : signed(batch)) {
            distinct.computeIfAbsent(Key.of(signed.submission()), key -> new ArrayList<>())
                    .add(signed);
        }
        if (!distinct.isEmpty()) {
            decide(List.copyOf(distinct.values()));
        }
    }

    /** Those whose signature is the payer's, in order; the others are answered. */
    private List<Signed> signed(List<Waiting> batch) {
        List<Waiting> unchecked =
                batch.stream().filter(waiting -> waiting.signer() == null).toList();
        Iterator<Signatures.Checked> found =
                signatures.check(submissions(unchecked)).iterator();
        Instant now = Instant.now();
        List<Signed> signed = new ArrayList<>(batch.size());
        for (Waiting waiting : batch) {
            if (waiting.signer() != null) {
                signed.add(new Signed(waiting, waiting.signer()));
                continue;
            }
            switch (found.next()) {
                case Signatures.Checked.Signed(Payer payer) -> signed.add(new Signed(waiting, payer));
                case Signatures.Checked.Told(Verdict verdict) -> tell(waiting, verdict, now);
            }
        }
        return signed;
    }

    /** Decides each group of equal submissions; one that breaks a constraint of the database fails alone. */
    private void decide(List<List<Signed>> groups) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        List<Submission> submissions =
                groups.stream().map(group -> group.getFirst().submission()).toList();
        List<Signer> signers =
                groups.stream().flatMap(List::stream).map(Signed::signer).toList();
        List<Verdict> verdicts;
        try {
            verdicts = accept(submissions, signers, now);
        } catch (AcceptanceStore.KeyReplaced outOfDate) {
            throw outOfDate;
        } catch (RuntimeException failed) {
            if (groups.size() > 1 && isRefusedRow(failed)) {
                LOG.warn("a batch broke a constraint; its items are decided one by one", failed);
                groups.forEach(group -> decide(List.of(group)));
                return;
            }
            LOG.error("authorisations could not be decided", failed);
            groups.forEach(group -> group.forEach(signed -> signed.waiting().turnAway()));
            return;
        }
        for (int i = 0; i < groups.size(); i++) {
            tellGroup(groups.get(i), verdicts.get(i), now);
        }
    }

    private void tellGroup(List<Signed> group, Verdict verdict, Instant now) {
        tell(group.getFirst().waiting(), verdict, now);
        Terms first = group.getFirst().submission().terms();
        Verdict again = verdict instanceof Verdict.Accepted
                ? new Verdict.Replayed(new Earlier(now, first.holdUntil(), first.refundOf()))
                : verdict;
        group.subList(1, group.size()).forEach(signed -> tell(signed.waiting(), again, now));
    }

    private List<Verdict> accept(List<Submission> submissions, List<Signer> signers, Instant now) {
        long room = exposure.reserve(
                submissions.stream().mapToLong(Acceptor::exposed).sum());
        long accepted = 0;
        try {
            List<Verdict> verdicts = accept(submissions, signers, now, room);
            for (int i = 0; i < verdicts.size(); i++) {
                accepted += verdicts.get(i) instanceof Verdict.Accepted ? exposed(submissions.get(i)) : 0;
            }
            return verdicts;
        } finally {
            exposure.release(room, accepted);
        }
    }

    /** What a hold moves is exposed when it is captured. */
    private static long exposed(Submission submission) {
        return submission.terms().holdUntil() == null ? submission.pay().amount() : 0;
    }

    private List<Verdict> accept(List<Submission> submissions, List<Signer> signers, Instant now, long room) {
        for (int attempt = 1; ; attempt++) {
            try {
                return store.accept(submissions, signers, window, now, room)
                        .await()
                        .atMost(AcceptanceStore.TIMEOUT);
            } catch (RuntimeException failed) {
                if (attempt == ATTEMPTS || !sqlState(failed).startsWith("40")) {
                    throw failed;
                }
            }
        }
    }

    private static boolean isRefusedRow(Throwable failure) {
        String state = sqlState(failure);
        return state.startsWith("22") || state.startsWith("23");
    }

    /** SQLSTATE of a failure, empty when the database did not tell one. */
    private static String sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException refused && refused.getSqlState() != null) {
                return refused.getSqlState();
            }
        }
        return "";
    }

    private void tell(Waiting waiting, Verdict verdict, Instant now) {
        switch (verdict) {
            case Verdict.Accepted _ ->
                meters.counter("madang.payment.authorisations.accepted").increment();
            case Verdict.Replayed _ ->
                meters.counter("madang.payment.authorisations.replayed").increment();
            case Verdict.Refused(Refusal why) ->
                meters.counter("madang.payment.authorisations.refused", "reason", why.name())
                        .increment();
        }
        waiting.answer().complete(new Answer(verdict, now));
    }

    private static RuntimeException unavailable() {
        return CommonProblem.UNAVAILABLE.with("the authorisation may or may not have been accepted: send it again");
    }
}
