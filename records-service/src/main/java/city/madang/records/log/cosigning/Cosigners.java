package city.madang.records.log.cosigning;

import city.madang.kit.worker.OffLoop;
import city.madang.records.RecordsConfig;
import city.madang.records.trust.WatchedPolicy;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Cosignature;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.NoteSignature;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.policy.TrustPolicy;
import city.madang.tlog.witness.AddCheckpoint;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has the witnesses of the policy cosign a checkpoint, and says whether they are a quorum. Witnesses are told apart by their submission prefix; one may
 * have several keys there, an Ed25519 and an ML-DSA-44 one, each a witness of the policy.
 */
@ApplicationScoped
public class Cosigners {

    private static final Logger LOG = Logger.getLogger(Cosigners.class);

    /** A witness that failed is left alone for so long, unless there is no quorum without it. */
    private static final Duration REST = Duration.ofSeconds(10);

    private final WitnessClient client;
    private final WitnessProgress progress;
    private final @Nullable WatchedPolicy policy;
    private final Map<String, Instant> resting = new ConcurrentHashMap<>();

    Cosigners(WitnessClient client, WitnessProgress progress, RecordsConfig config) {
        this.client = client;
        this.progress = progress;
        this.policy = config.witness().policy().map(WatchedPolicy::new).orElse(null);
    }

    /** The consistency proof between two sizes of the log in question. */
    @FunctionalInterface
    public interface Growth {
        Uni<List<byte[]>> proof(long older, long newer);
    }

    /** Too few witnesses have cosigned: the checkpoint is not to be published. */
    public static final class NoQuorum extends RuntimeException {

        private static final long serialVersionUID = 1;

        NoQuorum(String why) {
            super(why);
        }
    }

    /**
     * The note with all cosignatures that could be had; as it is where no policy is configured.
     *
     * @param log the key of the log, which signed the note
     * @return fails with {@link NoQuorum}
     */
    public Uni<SignedNote> cosign(String agency, VerifierKey log, SignedNote note, Growth growth) {
        @Nullable WatchedPolicy configured = policy;
        if (configured == null) {
            return Uni.createFrom().item(note);
        }
        return OffLoop.call(configured::current)
                .chain(current -> progress.sizes(agency).chain(sizes -> {
                    Request request = new Request(agency, log, note, growth, current, sizes);
                    Instant now = Instant.now();
                    List<String> all = List.copyOf(request.byPrefix().keySet());
                    List<String> ready = all.stream()
                            .filter(one ->
                                    resting.getOrDefault(one, Instant.MIN).isBefore(now))
                            .toList();
                    return ask(request, ready, note)
                            .chain(signed -> ready.size() == all.size() || request.isQuorum(signed)
                                    ? Uni.createFrom().item(signed)
                                    : ask(
                                            request,
                                            all.stream()
                                                    .filter(one -> !ready.contains(one))
                                                    .toList(),
                                            signed))
                            .invoke(request::requireQuorum);
                }));
    }

    private record Request(
            String agency,
            VerifierKey log,
            SignedNote note,
            Growth growth,
            TrustPolicy policy,
            Map<String, Long> sizes) {

        /** The keys behind each submission prefix. */
        Map<String, List<VerifierKey>> byPrefix() {
            Map<String, List<VerifierKey>> prefixes = new TreeMap<>();
            policy.witnesses().values().forEach(witness -> witness.url()
                    .ifPresent(url -> prefixes.computeIfAbsent(url, none -> new ArrayList<>())
                            .add(witness.key())));
            return prefixes;
        }

        boolean isQuorum(SignedNote signed) {
            return policy.judge(signed, List.of(log)) instanceof TrustPolicy.Verdict.Trusted;
        }

        void requireQuorum(SignedNote signed) {
            if (policy.judge(signed, List.of(log)) instanceof TrustPolicy.Verdict.Refused refused) {
                throw new NoQuorum(refused.why());
            }
        }

        Checkpoint head() {
            try {
                return Checkpoint.parse(note.text());
            } catch (Malformed impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** All at once; the note with what they signed. */
    private Uni<SignedNote> ask(Request request, List<String> witnesses, SignedNote signed) {
        if (witnesses.isEmpty()) {
            return Uni.createFrom().item(signed);
        }
        List<Uni<List<NoteSignature>>> asked =
                witnesses.stream().map(witness -> ask(request, witness)).toList();
        return Uni.join().all(asked).andCollectFailures().map(answers -> {
            Map<String, NoteSignature> lines = new LinkedHashMap<>();
            signed.signatures().forEach(line -> lines.put(line.name() + line.keyId(), line));
            answers.forEach(some -> some.forEach(line -> lines.putIfAbsent(line.name() + line.keyId(), line)));
            return new SignedNote(signed.text(), List.copyOf(lines.values()));
        });
    }

    /** Nothing when the witness cannot be reached or refuses, which is noted. */
    private Uni<List<NoteSignature>> ask(Request request, String witness) {
        long size = request.head().size();
        long hint = Math.min(size, request.sizes().getOrDefault(witness, 0L));
        return send(request, witness, hint)
                .chain(answer -> answer instanceof WitnessAnswer.At at && at.size() != hint && at.size() <= size
                        ? send(request, witness, at.size())
                        : Uni.createFrom().item(answer))
                .chain(answer -> switch (answer) {
                    case WitnessAnswer.Signed some -> {
                        List<NoteSignature> valid = valid(request, witness, some.lines());
                        yield valid.isEmpty()
                                ? failed(request, witness, "it answered no valid cosignature")
                                : progress.cosigned(request.agency(), witness, size)
                                        .replaceWith(valid);
                    }
                    case WitnessAnswer.At ahead ->
                        failed(
                                request,
                                witness,
                                ahead.size() > size
                                        ? "it has cosigned size " + ahead.size() + ", and the log has " + size
                                                + ": was it set back?"
                                        : "it names another size each time");
                    case WitnessAnswer.Refused refused -> failed(request, witness, refused.why());
                })
                .onFailure()
                .recoverWithUni(
                        failure -> failed(request, witness, failure.getClass().getSimpleName()));
    }

    private Uni<WitnessAnswer> send(Request request, String witness, long old) {
        return request.growth()
                .proof(old, request.head().size())
                .chain(proof -> client.addCheckpoint(witness, new AddCheckpoint(old, proof, request.note())));
    }

    private Uni<List<NoteSignature>> failed(Request request, String witness, String why) {
        LOG.warnf("the witness %s did not cosign the log of %s: %s", witness, request.agency(), why);
        resting.put(witness, Instant.now().plus(REST));
        return progress.failed(request.agency(), witness, why).replaceWith(List.of());
    }

    /** Lines of unknown keys are left out. */
    private List<NoteSignature> valid(Request request, String witness, List<NoteSignature> lines) {
        List<NoteSignature> valid = new ArrayList<>();
        try {
            for (NoteSignature line : lines) {
                for (VerifierKey key : request.byPrefix().getOrDefault(witness, List.of())) {
                    if (Cosignature.verifiedTime(key, request.note(), line).isPresent()) {
                        valid.add(line);
                    }
                }
            }
        } catch (Malformed impossible) {
            throw new IllegalStateException(impossible);
        }
        if (!valid.isEmpty()) {
            resting.remove(witness);
        }
        return valid;
    }
}
