package city.madang.identity.agencies;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.language.LocalText;
import city.madang.identity.problem.IdentityProblem;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.keys.Keyring;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The registry of agencies. */
@ApplicationScoped
public class Agencies {

    private final Mutiny.SessionFactory sessions;
    private final Certificates certificates;
    private final Keyring keyring;
    private final Outbox outbox;
    private final AgencyChanges changes;
    private final jakarta.enterprise.event.Event<AgencyChanged> changed;

    Agencies(
            Mutiny.SessionFactory sessions,
            Certificates certificates,
            Keyring keyring,
            Outbox outbox,
            AgencyChanges changes,
            jakarta.enterprise.event.Event<AgencyChanged> changed) {
        this.sessions = sessions;
        this.certificates = certificates;
        this.keyring = keyring;
        this.outbox = outbox;
        this.changes = changes;
        this.changed = changed;
    }

    /** @param isNew whether this call registered the agency */
    record Registered(Agency agency, List<AgencyCertificate> certificates, boolean isNew) {}

    /**
     * Registers or renames; makes the agency's keys where there are none, for credentials, mdocs and requests, and certificates for
     * those in use where they are missing, about to end, or for another name.
     */
    Uni<Registered> register(String id, LocalText name, Actor actor) {
        return sessions.withTransaction(session -> register(session, id, name, actor))
                .invoke(() -> changed.fire(new AgencyChanged(id)));
    }

    private Uni<Registered> register(Mutiny.Session session, String id, LocalText name, Actor actor) {
        return session.createNativeQuery("insert into agency (id, name_ko, name_en, registered)"
                        + " values (?1, ?2, ?3, now()) on conflict do nothing")
                .setParameter(1, id)
                .setParameter(2, name.ko())
                .setParameter(3, name.en())
                .executeUpdate()
                .chain(inserted -> session.find(AgencyEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                        .chain(agency -> {
                            Standings.mayAct(agency.toAgency());
                            boolean isNew = inserted == 1;
                            boolean isRenamed = !agency.toAgency().name().equals(name);
                            agency.nameKo = name.ko();
                            agency.nameEn = name.en();
                            return certifyForMdocs(session, id, name.en())
                                    .chain(() -> certify(session, id, name.en(), Purpose.CREDENTIAL_ISSUER))
                                    .chain(() -> certify(session, id, name.en(), Purpose.VERIFIER))
                                    .chain(() -> isNew || isRenamed
                                            ? tell(session, id, name, isNew, actor)
                                            : Uni.createFrom().voidItem())
                                    .chain(() -> certificates.valid(session, List.of(id)))
                                    .map(all -> new Registered(agency.toAgency(), all, isNew));
                        }));
    }

    /** Certifies the key in use, or the first one; after the key in use was revoked only a rotation makes another. */
    private Uni<Void> certify(Mutiny.Session session, String id, String name, Purpose purpose) {
        return certificates.newest(session, id, purpose).chain(newest -> {
            if (newest.isPresent() && newest.get().revoked()) {
                return Uni.createFrom().voidItem();
            }
            int version = newest.map(one -> one.certificate().keyVersion()).orElse(1);
            return OffLoop.call(() -> keyring.createIfAbsent(purpose.keyId(id, version), Keyring.Algorithm.ES256))
                    .chain(key -> certificates.certify(session, id, name, new Certificates.Key(purpose, version, key)))
                    .replaceWithVoid();
        });
    }

    private Uni<Void> certifyForMdocs(Mutiny.Session session, String id, String name) {
        return certify(session, id, name, Purpose.DOCUMENT_SIGNER)
                .chain(() -> certify(session, id, name, Purpose.MDOC_STATUS));
    }

    /** The agency gets its certificates for mdocs, where they are missing or not new enough any more; nothing if it may not act. */
    Uni<Void> renewForMdocs(String id) {
        return sessions.withTransaction(session -> lock(session, id)
                        .chain(found -> found.isEmpty() || found.get().isRevoked()
                                ? Uni.createFrom().voidItem()
                                : certifyForMdocs(
                                        session, id, found.get().name().en())))
                .invoke(() -> changed.fire(new AgencyChanged(id)));
    }

    /** The certificate with which this service signs for the agency, made if it has no such key yet; null if it is not registered. */
    public Uni<@Nullable AgencyCertificate> signing(Mutiny.Session session, String id, Purpose purpose) {
        return lock(session, id)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().nullItem()
                        : certify(session, id, found.get().name().en(), purpose)
                                .chain(() -> certificates.current(session, id, purpose))
                                .map(current -> current.orElse(null)));
    }

    private Uni<Void> tell(Mutiny.Session session, String id, LocalText name, boolean isNew, Actor actor) {
        return changes.note(
                        session,
                        id,
                        isNew ? AgencyChanges.Change.REGISTERED : AgencyChanges.Change.RENAMED,
                        null,
                        null,
                        actor)
                .chain(() -> outbox.add(session, registered(id, name)));
    }

    private static Event registered(String id, LocalText name) {
        return Event.now(
                "agency.registered",
                id,
                new JsonObject()
                        .put("agency", id)
                        .put("name", new JsonObject().put("ko", name.ko()).put("en", name.en())));
    }

    public Uni<Optional<Agency>> find(Mutiny.Session session, String id) {
        return session.find(AgencyEntity.class, id)
                .map(found -> Optional.ofNullable(found).map(AgencyEntity::toAgency));
    }

    /** The agency, its row locked until the transaction ends. */
    public Uni<Optional<Agency>> lock(Mutiny.Session session, String id) {
        return session.find(AgencyEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                .map(found -> Optional.ofNullable(found).map(AgencyEntity::toAgency));
    }

    /** The agency to be changed, its row locked until the transaction ends; fails if there is none or it is revoked. */
    public Uni<Agency> acting(Mutiny.Session session, String id) {
        return lock(session, id)
                .map(found -> found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such agency")))
                .invoke(Standings::mayAct);
    }

    /**
     * The caller's agency; fails with {@link IdentityProblem#AGENCY_NOT_REGISTERED} or {@link IdentityProblem#AGENCY_REVOKED}.
     */
    public Uni<Agency> registered(Mutiny.Session session, String id) {
        return find(session, id)
                .map(found -> found.orElseThrow(
                        () -> IdentityProblem.AGENCY_NOT_REGISTERED.with("a registrar has not registered this agency")))
                .invoke(Standings::mayAct);
    }

    /** Those of these that are registered. */
    public Uni<List<Agency>> withIds(Mutiny.Session session, Collection<String> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(List.of())
                : session.createQuery("from AgencyEntity where id in (?1)", AgencyEntity.class)
                        .setParameter(1, ids)
                        .getResultList()
                        .map(found -> found.stream().map(AgencyEntity::toAgency).toList());
    }

    public Uni<List<Agency>> list(Mutiny.Session session, @Nullable String after, int limit) {
        return session.createQuery("from AgencyEntity where id > ?1 order by id", AgencyEntity.class)
                .setParameter(1, after == null ? "" : after)
                .setMaxResults(limit)
                .getResultList()
                .map(found -> found.stream().map(AgencyEntity::toAgency).toList());
    }
}
