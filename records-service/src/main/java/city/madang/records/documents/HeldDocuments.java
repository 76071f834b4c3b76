package city.madang.records.documents;

import city.madang.records.access.Held;
import city.madang.records.access.HeldRecords;
import city.madang.records.documents.types.DocumentType;
import city.madang.records.documents.types.DocumentTypes;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Documents, for who may read them. */
@ApplicationScoped
public class HeldDocuments implements HeldRecords {

    private final Archive archive;
    private final DocumentTypes types;

    HeldDocuments(Archive archive, DocumentTypes types) {
        this.archive = archive;
        this.types = types;
    }

    @Override
    public Uni<Optional<Held>> held(UUID record) {
        return archive.document(record).map(found -> found.map(this::held));
    }

    Held held(Archive.Document document) {
        DocumentType type =
                types.read(new DocumentTypes.Stored(document.agency(), document.type(), 0, document.definition()));
        return new Held(
                document.id(),
                document.agency(),
                document.subject(),
                document.type(),
                type.titleKo(),
                type.titleEn(),
                type.open(),
                type.breakGlass());
    }
}
