package city.madang.records.log.cosigning;

import city.madang.tlog.note.NoteSignature;
import java.util.List;

/** What a witness said. */
sealed interface WitnessAnswer {

    record Signed(List<NoteSignature> lines) implements WitnessAnswer {}

    /** It cosigned this size last. */
    record At(long size) implements WitnessAnswer {}

    /** Anything else. */
    record Refused(String why) implements WitnessAnswer {}
}
