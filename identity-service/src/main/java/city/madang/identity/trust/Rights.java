package city.madang.identity.trust;

import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.types.CredentialTypes;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** What an agency may issue and ask for. */
@ApplicationScoped
public class Rights {

    private final CredentialTypes types;

    Rights(CredentialTypes types) {
        this.types = types;
    }

    /** Whether the agency may issue this type with its key in this service: it owns it, and is not revoked. */
    public Uni<Boolean> mayIssue(Mutiny.Session session, String agency, String typeId) {
        return types.find(session, typeId)
                .map(found -> found.filter(type -> type.agency().equals(agency)).isPresent());
    }

    /** Why the agency may not ask this, for its developers; empty if it may. */
    public Uni<Optional<String>> overAsking(Mutiny.Session session, String agency, DcqlQuery query) {
        return Uni.createFrom().item(Optional.empty());
    }
}
