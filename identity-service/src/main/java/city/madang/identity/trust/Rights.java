package city.madang.identity.trust;

import city.madang.identity.agencies.Agencies;
import city.madang.identity.agencies.Agency;
import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** What an agency may issue and ask for. */
@ApplicationScoped
public class Rights {

    /** Named of a query that goes beyond; enough to mend it. */
    private static final int MOST_NAMED = 10;

    private final CredentialTypes types;
    private final Agencies agencies;

    Rights(CredentialTypes types, Agencies agencies) {
        this.types = types;
        this.agencies = agencies;
    }

    /** Whether the agency may issue this type with its key in this service: it owns it, may issue it, and is not revoked. */
    public Uni<Boolean> mayIssue(Mutiny.Session session, String agency, String typeId) {
        return types.find(session, typeId)
                .chain(found -> found.filter(type -> type.agency().equals(agency))
                        .map(type -> mayIssue(session, type))
                        .orElseGet(() -> Uni.createFrom().item(false)));
    }

    private Uni<Boolean> mayIssue(Mutiny.Session session, CredentialType type) {
        return agencies.find(session, type.agency())
                .chain(owner -> owner.filter(agency -> !agency.isRevoked()).isEmpty()
                        ? Uni.createFrom().item(false)
                        : of(session, type.agency()).map(rights -> rights.mayIssue(ref(type), true)));
    }

    /**
     * Why the agency may not ask this, for its developers; empty if it may. An agency that is not registered is not judged here.
     */
    public Uni<Optional<String>> overAsking(Mutiny.Session session, String agency, DcqlQuery query) {
        return agencies.find(session, agency).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(Optional.empty());
            }
            if (found.get().isRevoked()) {
                return Uni.createFrom().item(Optional.of("the agency is revoked"));
            }
            return of(session, agency).chain(rights -> types.withTypeNames(session, query.types())
                    .map(known -> explain(rights.over(query, owned(known, agency)))));
        });
    }

    private Set<TypeRef> owned(List<CredentialType> known, String agency) {
        return known.stream()
                .filter(type -> type.agency().equals(agency))
                .map(this::ref)
                .collect(Collectors.toSet());
    }

    private static Optional<String> explain(List<String> over) {
        return over.isEmpty()
                ? Optional.empty()
                : Optional.of("the trust list does not let the agency ask for "
                        + over.stream().limit(MOST_NAMED).collect(Collectors.joining("; "))
                        + (over.size() > MOST_NAMED ? "; and " + (over.size() - MOST_NAMED) + " more" : ""));
    }

    TypeRef ref(CredentialType type) {
        return new TypeRef(type.format(), types.typeName(type));
    }

    Uni<AgencyRights> of(Mutiny.Session session, String agency) {
        return session.find(RightsEntity.class, agency)
                .map(found -> found == null ? AgencyRights.DEFAULT : found.toRights());
    }

    /** Of those for whom the registrar has decided something. */
    Uni<Map<String, AgencyRights>> decided(Mutiny.Session session) {
        return session.createQuery("from RightsEntity order by agency", RightsEntity.class)
                .getResultList()
                .map(found -> {
                    Map<String, AgencyRights> rights = new HashMap<>();
                    found.forEach(entity -> rights.put(entity.agency, entity.toRights()));
                    return rights;
                });
    }

    /** Of these those who are registered and not revoked. */
    Uni<List<Agency>> acting(Mutiny.Session session, Collection<String> ids) {
        return agencies.withIds(session, ids)
                .map(found ->
                        found.stream().filter(agency -> !agency.isRevoked()).toList());
    }

    /** The caller holds a lock on the agency. */
    Uni<Void> set(Mutiny.Session session, String agency, AgencyRights rights) {
        return session.find(RightsEntity.class, agency).chain(found -> {
            RightsEntity entity = found == null ? new RightsEntity() : found;
            entity.agency = agency;
            entity.ownTypes = rights.ownTypes();
            entity.issues = StrictJson.write(RightsJson.issues(rights));
            entity.asks = StrictJson.write(RightsJson.asks(rights));
            entity.setAt = Instant.now();
            return found == null ? session.persist(entity) : Uni.createFrom().voidItem();
        });
    }
}
