package city.madang.records.catalogue;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** Whether documents of a type can be what applicants send along; answered by whoever keeps documents. */
public interface AttachmentTypes {

    /** Why not, in a sentence; empty if they can. Within the session's transaction. */
    Uni<Optional<String>> unfit(Mutiny.Session session, String agency, String type);
}
