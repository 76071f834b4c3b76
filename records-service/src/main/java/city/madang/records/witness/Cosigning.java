package city.madang.records.witness;

import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.NoteSignature;
import java.util.List;

/** What a witness answers to a checkpoint (C2SP tlog-witness, "add-checkpoint"). */
public sealed interface Cosigning {

    /** 200: it goes on from what was cosigned before. */
    record Cosigned(List<NoteSignature> lines) implements Cosigning {}

    /** 400: the request is not of the form, or goes back. */
    record Malformed(String why) implements Cosigning {}

    /** 403: none of the signatures is of a key that is trusted for the origin, or one that claims to be does not verify. */
    record Unsigned(String why) implements Cosigning {}

    /** 404: no such log is known here. */
    record UnknownLog() implements Cosigning {}

    /** 409 with the size that was cosigned last: the proof would have to begin there. */
    record Stale(long size) implements Cosigning {}

    /** 409: the size was cosigned with another root. The log shows two histories. */
    record OtherRoot(Checkpoint shown) implements Cosigning {}

    /** 422: the proof does not lead from what was cosigned last to this checkpoint. */
    record Inconsistent(Checkpoint shown) implements Cosigning {}
}
