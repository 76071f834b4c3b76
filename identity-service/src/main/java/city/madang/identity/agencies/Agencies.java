package city.madang.identity.agencies;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.language.LocalText;
import city.madang.identity.problem.IdentityProblem;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import city.madang.kit.keys.Keyring;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.PublicKey;
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

    Agencies(Mutiny.SessionFactory sessions, Certificates certificates, Keyring keyring, Outbox outbox) {
        this.sessions = sessions;
        this.certificates = certificates;
        this.keyring = keyring;
        this.outbox = outbox;
    }

    /** @param isNew whether this call registered the agency */
    record Registered(Agency agency, List<AgencyCertificate> certificates, boolean isNew) {}

    /** Registers or renames; makes the agency's issuer and verifier keys and certificates where they are missing. */
    Uni<Registered> register(String id, LocalText name) {
        return OffLoop.call(() -> List.of(key(id, Purpose.CREDENTIAL_ISSUER), key(id, Purpose.VERIFIER)))
                .chain(keys -> sessions.withTransaction(session -> register(session, id, name, keys)));
    }

    private PublicKey key(String agency, Purpose purpose) {
        return keyring.createIfAbsent(purpose.keyId(agency), Keyring.Algorithm.ES256);
    }

    private Uni<Registered> register(Mutiny.Session session, String id, LocalText name, List<PublicKey> keys) {
        return session.createNativeQuery("insert into agency (id, name_ko, name_en, registered)"
                        + " values (?1, ?2, ?3, now()) on conflict do nothing")
                .setParameter(1, id)
                .setParameter(2, name.ko())
                .setParameter(3, name.en())
                .executeUpdate()
                .chain(inserted -> session.find(AgencyEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                        .chain(agency -> {
                            boolean isNew = inserted == 1;
                            boolean tell = isNew || !agency.toAgency().name().equals(name);
                            agency.nameKo = name.ko();
                            agency.nameEn = name.en();
                            return certificates
                                    .certify(session, id, name.en(), Purpose.CREDENTIAL_ISSUER, keys.get(0))
                                    .chain(() ->
                                            certificates.certify(session, id, name.en(), Purpose.VERIFIER, keys.get(1)))
                                    .chain(() -> tell
                                            ? outbox.add(session, registered(id, name))
                                            : Uni.createFrom().voidItem())
                                    .chain(() -> certificates.valid(session, List.of(id)))
                                    .map(all -> new Registered(agency.toAgency(), newest(all), isNew));
                        }));
    }

    private static Event registered(String id, LocalText name) {
        return Event.now(
                "agency.registered",
                id,
                new JsonObject()
                        .put("agency", id)
                        .put("name", new JsonObject().put("ko", name.ko()).put("en", name.en())));
    }

    /** One for each purpose; the list comes newest first. */
    static List<AgencyCertificate> newest(List<AgencyCertificate> all) {
        return java.util.Arrays.stream(Purpose.values())
                .flatMap(purpose -> all.stream()
                        .filter(certificate -> certificate.purpose() == purpose)
                        .limit(1))
                .toList();
    }

    public Uni<Optional<Agency>> find(Mutiny.Session session, String id) {
        return session.find(AgencyEntity.class, id)
                .map(found -> Optional.ofNullable(found).map(AgencyEntity::toAgency));
    }

    /** The agency, its row locked until the transaction ends. */
    Uni<Optional<Agency>> lock(Mutiny.Session session, String id) {
        return session.find(AgencyEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                .map(found -> Optional.ofNullable(found).map(AgencyEntity::toAgency));
    }

    /** The caller's agency; fails with {@link IdentityProblem#AGENCY_NOT_REGISTERED}. */
    public Uni<Agency> registered(Mutiny.Session session, String id) {
        return find(session, id)
                .map(found -> found.orElseThrow(() ->
                        IdentityProblem.AGENCY_NOT_REGISTERED.with("a registrar has not registered this agency")));
    }

    Uni<List<Agency>> list(Mutiny.Session session, @Nullable String after, int limit) {
        return session.createQuery("from AgencyEntity where id > ?1 order by id", AgencyEntity.class)
                .setParameter(1, after == null ? "" : after)
                .setMaxResults(limit)
                .getResultList()
                .map(found -> found.stream().map(AgencyEntity::toAgency).toList());
    }
}
