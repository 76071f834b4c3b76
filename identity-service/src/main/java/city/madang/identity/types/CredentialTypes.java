package city.madang.identity.types;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The credential types of all agencies. */
@ApplicationScoped
public class CredentialTypes {

    CredentialTypes() {}

    /** What became of a declaration. */
    sealed interface Declared {
        record Done(CredentialType type) implements Declared {}

        /** The id or the vct name belongs to another agency or another type. */
        record Taken() implements Declared {}
    }

    /**
     * Declares a type, or declares it anew. Its owner and vct name never change: a credential that says it is of a type must
     * keep meaning what it meant when it was issued.
     */
    Uni<Declared> declare(Mutiny.Session session, CredentialType type) {
        return session.createNativeQuery(
                        "insert into credential_type (id, agency, vct_name, display, claims, validity_days)"
                                + " values (?1, ?2, ?3, '{}', '[]', 1) on conflict do nothing")
                .setParameter(1, type.id())
                .setParameter(2, type.agency())
                .setParameter(3, type.vctName())
                .executeUpdate()
                .chain(() -> session.find(CredentialTypeEntity.class, type.id(), LockMode.PESSIMISTIC_WRITE))
                .map(entity -> {
                    if (entity == null
                            || !entity.agency.equals(type.agency())
                            || !entity.vctName.equals(type.vctName())) {
                        return new Declared.Taken();
                    }
                    entity.take(type);
                    return new Declared.Done(entity.toType());
                });
    }

    public Uni<Optional<CredentialType>> find(Mutiny.Session session, String id) {
        return session.find(CredentialTypeEntity.class, id)
                .map(found -> Optional.ofNullable(found).map(CredentialTypeEntity::toType));
    }

    public Uni<Optional<CredentialType>> withVctName(Mutiny.Session session, String name) {
        return session.createQuery("from CredentialTypeEntity where vctName = ?1", CredentialTypeEntity.class)
                .setParameter(1, name)
                .getSingleResultOrNull()
                .map(found -> Optional.ofNullable(found).map(CredentialTypeEntity::toType));
    }

    public Uni<List<CredentialType>> withVctNames(Mutiny.Session session, List<String> names) {
        return names.isEmpty()
                ? Uni.createFrom().item(List.of())
                : session.createQuery("from CredentialTypeEntity where vctName in (?1)", CredentialTypeEntity.class)
                        .setParameter(1, names)
                        .getResultList()
                        .map(found ->
                                found.stream().map(CredentialTypeEntity::toType).toList());
    }

    /** Types after the id {@code after} in their order, at most {@code limit}. */
    public Uni<List<CredentialType>> list(Mutiny.Session session, @Nullable String after, int limit) {
        return session.createQuery("from CredentialTypeEntity where id > ?1 order by id", CredentialTypeEntity.class)
                .setParameter(1, after == null ? "" : after)
                .setMaxResults(limit)
                .getResultList()
                .map(found -> found.stream().map(CredentialTypeEntity::toType).toList());
    }
}
