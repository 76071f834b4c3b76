package city.madang.records.sealing;

import city.madang.records.access.Held;
import city.madang.records.access.HeldRecords;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Sealed records, for who may read them: the applicant's own. */
@ApplicationScoped
public class HeldSealedRecords implements HeldRecords {

    private final SealedRecords records;

    HeldSealedRecords(SealedRecords records) {
        this.records = records;
    }

    @Override
    public Uni<Optional<Held>> held(UUID record) {
        return records.byId(record).map(found -> found.map(HeldSealedRecords::held));
    }

    static Held held(SealedRecord record) {
        return new Held(
                record.id(),
                record.agency(),
                record.applicant(),
                record.type(),
                record.titleKo(),
                record.titleEn(),
                true,
                Set.of());
    }
}
