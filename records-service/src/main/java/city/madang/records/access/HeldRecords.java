package city.madang.records.access;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.UUID;

/** Records of one kind, found by a capability that keeps them; all beans of this type are asked. */
public interface HeldRecords {

    /** Empty if there is none, nobody has been told of it yet, or it is destroyed. */
    Uni<Optional<Held>> held(UUID record);
}
