package city.madang.records.witness;

import city.madang.kit.worker.OffLoop;
import city.madang.records.RecordsConfig;
import city.madang.records.trust.WatchedPolicy;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.NoteSignature;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.policy.TrustPolicy;
import city.madang.tlog.tree.Hashes;
import city.madang.tlog.tree.Proofs;
import city.madang.tlog.witness.AddCheckpoint;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cosigns a checkpoint if it goes on from the one that was cosigned last. What was cosigned last is read, compared, moved on and signed for under one
 * lock in one transaction, and a signature leaves only after it is on disk: of two requests at once one sees what the other did, and whatever is
 * killed when, no two histories are ever signed.
 */
@ApplicationScoped
public class CosignCheckpoint {

    private final Pool pool;
    private final WitnessKeys keys;
    private final @Nullable WatchedPolicy known;

    CosignCheckpoint(Pool pool, WitnessKeys keys, RecordsConfig config) {
        this.pool = pool;
        this.keys = keys;
        this.known = config.witness().knownLogs().map(WatchedPolicy::new).orElse(null);
    }

    /** @param body of the request; must be subscribed to on a Vert.x context */
    public Uni<Cosigning> cosign(byte[] body) {
        AddCheckpoint request;
        Checkpoint shown;
        try {
            request = AddCheckpoint.parse(body);
            shown = Checkpoint.parse(request.note().text());
        } catch (city.madang.tlog.note.Malformed wrong) {
            return Uni.createFrom().item(new Cosigning.Malformed(wrong.getMessage()));
        }
        return OffLoop.call(() -> refusal(request, shown))
                .chain(refusal -> refusal.isPresent()
                        ? Uni.createFrom().item(refusal.get())
                        : pool.withTransaction(connection -> goOn(connection, request, shown)));
    }

    /** What can be said without knowing what was cosigned before. */
    private Optional<Cosigning> refusal(AddCheckpoint request, Checkpoint shown) {
        List<VerifierKey> trusted = known == null
                ? List.of()
                : known.current().logs().stream()
                        .map(TrustPolicy.Log::key)
                        .filter(key -> key.name().equals(shown.origin()))
                        .toList();
        if (trusted.isEmpty()) {
            return Optional.of(new Cosigning.UnknownLog());
        }
        TrustPolicy logsAlone = new TrustPolicy(List.of(), java.util.Map.of(), new TrustPolicy.Quorum.None());
        if (logsAlone.judge(request.note(), trusted) instanceof TrustPolicy.Verdict.Refused refused) {
            return Optional.of(new Cosigning.Unsigned(refused.why()));
        }
        return request.oldSize() > shown.size()
                ? Optional.of(new Cosigning.Malformed("the old size is greater than the checkpoint's"))
                : Optional.empty();
    }

    private Uni<Cosigning> goOn(SqlConnection connection, AddCheckpoint request, Checkpoint shown) {
        return connection
                .preparedQuery("insert into witness_log (origin, size, root, cosigned) values ($1, 0, $2, 0)"
                        + " on conflict do nothing")
                .execute(Tuple.of(shown.origin(), Buffer.buffer(Hashes.empty())))
                .chain(() -> connection
                        .preparedQuery("select size, root, cosigned from witness_log where origin = $1 for update")
                        .execute(Tuple.of(shown.origin())))
                .map(rows -> rows.iterator().next())
                .chain(last -> refusal(last, request, shown)
                        .map(refusal -> Uni.createFrom().item(refusal))
                        .orElseGet(() -> sign(connection, last, request.note(), shown)));
    }

    private static Optional<Cosigning> refusal(Row last, AddCheckpoint request, Checkpoint shown) {
        long size = last.getLong("size");
        byte[] root = last.getBuffer("root").getBytes();
        if (request.oldSize() != size) {
            return Optional.of(new Cosigning.Stale(size));
        }
        if (size == shown.size() && size > 0 && !java.security.MessageDigest.isEqual(root, shown.root())) {
            return Optional.of(new Cosigning.OtherRoot(shown));
        }
        return Proofs.consistent(size, root, shown.size(), shown.root(), request.proof())
                ? Optional.empty()
                : Optional.of(new Cosigning.Inconsistent(shown));
    }

    private Uni<Cosigning> sign(SqlConnection connection, Row last, SignedNote note, Checkpoint shown) {
        // the clock may have been set back, but what was said of later stays said
        long time = Math.max(Instant.now().getEpochSecond(), last.getLong("cosigned"));
        return OffLoop.call(() -> keys.cosign(note, time)).chain(lines -> {
            List<NoteSignature> all = new ArrayList<>(note.signatures());
            all.addAll(lines);
            return connection
                    .preparedQuery(
                            "update witness_log set size = $2, root = $3, note = $4, cosigned = $5 where origin = $1")
                    .execute(Tuple.of(
                            shown.origin(),
                            shown.size(),
                            Buffer.buffer(shown.root()),
                            new SignedNote(note.text(), all).format(),
                            time))
                    .replaceWith(new Cosigning.Cosigned(lines));
        });
    }

    /** The checkpoint that was cosigned last, with the cosignatures. */
    Uni<Optional<String>> latest(String originSha256) {
        return pool.preparedQuery(
                        "select note from witness_log where encode(sha256(convert_to(origin, 'UTF8')), 'hex') = $1 and note is not null")
                .execute(Tuple.of(originSha256))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getString(0)));
    }
}
