package city.madang.identity.types;

import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The credential types of all agencies. */
@ApplicationScoped
public class CredentialTypes {

    /** Types that an agency may declare, withdrawn ones included: their names are never free again. */
    static final int MOST_OF_AGENCY = 200;

    private final IdentitySettings settings;

    CredentialTypes(IdentitySettings settings) {
        this.settings = settings;
    }

    /** What credentials of the type say they are: the {@code vct} URI, or the {@code doctype}. */
    public String typeName(CredentialType type) {
        return type.format() == Format.SD_JWT_VC ? settings.vct(type.name()) : type.name();
    }

    /** The types, of any format, that are called so: vct URIs and doctypes; what is unknown is left out. */
    public Uni<List<CredentialType>> withTypeNames(Mutiny.Session session, Collection<String> typeNames) {
        String prefix = settings.vct("");
        List<String> names = typeNames.stream()
                .map(name -> name.startsWith(prefix) ? name.substring(prefix.length()) : name)
                .toList();
        return names.isEmpty()
                ? Uni.createFrom().item(List.of())
                : session.createQuery("from CredentialTypeEntity where name in (?1)", CredentialTypeEntity.class)
                        .setParameter(1, names)
                        .getResultList()
                        .map(found -> found.stream()
                                .map(CredentialTypeEntity::toType)
                                .filter(type -> typeNames.contains(typeName(type)))
                                .toList());
    }

    /** What became of a declaration. */
    sealed interface Declared {
        record Done(CredentialType type) implements Declared {}

        /** The id or the name belongs to another agency or another type. */
        record Taken() implements Declared {}

        /** The agency has declared as many as it may. */
        record TooMany() implements Declared {}
    }

    /**
     * Declares a type, or declares it anew. Its owner, format and name never change: a credential that says it is of a type must
     * keep meaning what it meant when it was issued.
     */
    Uni<Declared> declare(Mutiny.Session session, CredentialType type) {
        return session.createQuery(
                        "select count(*) from CredentialTypeEntity where agency = ?1 and id <> ?2", Long.class)
                .setParameter(1, type.agency())
                .setParameter(2, type.id())
                .getSingleResult()
                .chain(others -> others >= MOST_OF_AGENCY
                        ? Uni.createFrom().item(new Declared.TooMany())
                        : store(session, type));
    }

    private Uni<Declared> store(Mutiny.Session session, CredentialType type) {
        return session.createNativeQuery(
                        "insert into credential_type (id, agency, format, name, display, claims, validity_days)"
                                + " values (?1, ?2, ?3, ?4, '[]', '[]', 1) on conflict do nothing")
                .setParameter(1, type.id())
                .setParameter(2, type.agency())
                .setParameter(3, type.format().text())
                .setParameter(4, type.name())
                .executeUpdate()
                .chain(() -> session.find(CredentialTypeEntity.class, type.id(), LockMode.PESSIMISTIC_WRITE))
                .map(entity -> {
                    if (entity == null
                            || !entity.agency.equals(type.agency())
                            || !entity.format.equals(type.format().text())
                            || !entity.name.equals(type.name())) {
                        return new Declared.Taken();
                    }
                    entity.take(type);
                    return new Declared.Done(entity.toType());
                });
    }

    /** The type of this id, if it can be issued: one that was withdrawn cannot. */
    public Uni<Optional<CredentialType>> find(Mutiny.Session session, String id) {
        return session.find(CredentialTypeEntity.class, id).map(CredentialTypes::issuable);
    }

    /** The same within a transaction, until whose end it is not withdrawn. */
    public Uni<Optional<CredentialType>> findToOffer(Mutiny.Session session, String id) {
        return session.find(CredentialTypeEntity.class, id, LockMode.PESSIMISTIC_READ)
                .map(CredentialTypes::issuable);
    }

    private static Optional<CredentialType> issuable(@Nullable CredentialTypeEntity found) {
        return Optional.ofNullable(found)
                .filter(entity -> entity.withdrawnAt == null)
                .map(CredentialTypeEntity::toType);
    }

    /** Whether there is or was a type of this id. */
    public Uni<Boolean> isKnown(Mutiny.Session session, String id) {
        return session.find(CredentialTypeEntity.class, id).map(Objects::nonNull);
    }

    /**
     * Withdraws a type of the agency, for good until it is declared anew: what is open of it ends, what was issued of it stays what it
     * is. False if the agency has no such type; withdrawn twice is withdrawn once.
     */
    Uni<Boolean> withdraw(Mutiny.Session session, String id, String agency) {
        return session.find(CredentialTypeEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                .chain(entity -> {
                    if (entity == null || !entity.agency.equals(agency)) {
                        return Uni.createFrom().item(false);
                    }
                    if (entity.withdrawnAt != null) {
                        return Uni.createFrom().item(true);
                    }
                    entity.withdrawnAt = Instant.now();
                    return end(
                                    session,
                                    "update credential_offer set state = 'withdrawn', claims = null"
                                            + " where credential_type = ?1 and state in ('offered', 'redeemed')",
                                    id)
                            .chain(() -> end(
                                    session,
                                    "update credential_request set state = 'refused', reason = 'withdrawn',"
                                            + " claims = null, keys = '' where credential_type = ?1 and state in ('pending', 'ready')",
                                    id))
                            .replaceWith(true);
                });
    }

    private static Uni<Integer> end(Mutiny.Session session, String update, String type) {
        return session.createNativeQuery(update).setParameter(1, type).executeUpdate();
    }

    /** The type of this format whose {@code vct} ends with the name, or whose {@code doctype} it is; also one that was withdrawn. */
    public Uni<Optional<CredentialType>> withName(Mutiny.Session session, Format format, String name) {
        return session.createQuery(
                        "from CredentialTypeEntity where format = ?1 and name = ?2", CredentialTypeEntity.class)
                .setParameter(1, format.text())
                .setParameter(2, name)
                .getSingleResultOrNull()
                .map(found -> Optional.ofNullable(found).map(CredentialTypeEntity::toType));
    }

    /** Types that can be issued after the id {@code after} in their order, at most {@code limit}. */
    public Uni<List<CredentialType>> list(Mutiny.Session session, @Nullable String after, int limit) {
        return session.createQuery(
                        "from CredentialTypeEntity where id > ?1 and withdrawnAt is null order by id",
                        CredentialTypeEntity.class)
                .setParameter(1, after == null ? "" : after)
                .setMaxResults(limit)
                .getResultList()
                .map(found -> found.stream().map(CredentialTypeEntity::toType).toList());
    }
}
