package city.madang.identity.issuance;

import city.madang.identity.agencies.AgencyChanged;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.trust.Rights;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import city.madang.identity.types.Format;
import city.madang.identity.types.TypeDocuments;
import city.madang.identity.types.TypesChanged;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.hibernate.reactive.mutiny.Mutiny;

/** The types that can be issued now, remembered for a moment so that an issuance need not read them. */
@Singleton
public class Catalogue {

    /** So long another instance's change of a type, a certificate or a right may go unseen. */
    private static final Duration REMEMBERED = Duration.ofSeconds(2);

    private final CredentialTypes types;
    private final TypeDocuments documents;
    private final Certificates certificates;
    private final Rights rights;
    private final Mutiny.SessionFactory sessions;
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

    Catalogue(
            CredentialTypes types,
            TypeDocuments documents,
            Certificates certificates,
            Rights rights,
            Mutiny.SessionFactory sessions) {
        this.types = types;
        this.documents = documents;
        this.certificates = certificates;
        this.rights = rights;
        this.sessions = sessions;
    }

    private record Remembered(Issuable issuable, Instant read) {}

    void forget(@Observes TypesChanged changed) {
        remembered.clear();
    }

    void forget(@Observes AgencyChanged changed) {
        remembered.clear();
    }

    /** The type of this id; empty if there is none. */
    Uni<Optional<Issuable>> find(String id) {
        Remembered known = remembered.get(id);
        // without an issuer it is read each time: its agency may be registered at any moment
        if (known != null
                && known.issuable().issuer() != null
                && Instant.now().isBefore(known.read().plus(REMEMBERED))) {
            return Uni.createFrom().item(Optional.of(known.issuable()));
        }
        Instant read = Instant.now();
        return sessions.withTransaction(session -> types.find(session, id)
                        .chain(found -> found.map(type -> read(session, type).map(Optional::of))
                                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))))
                .invoke(found -> found.ifPresent(issuable -> remembered.put(id, new Remembered(issuable, read))));
    }

    private Uni<Issuable> read(Mutiny.Session session, CredentialType type) {
        return document(session, type).chain(document -> issuer(session, type)
                .map(issuer -> Issuable.of(
                        type,
                        types.typeName(type),
                        document.map(TypeDocuments.Served::integrity).orElse(null),
                        document.map(TypeDocuments.Served::body).orElse(null),
                        issuer.orElse(null))));
    }

    private Uni<Optional<TypeDocuments.Served>> document(Mutiny.Session session, CredentialType type) {
        return type.format() == Format.SD_JWT_VC
                ? documents.served(session, type).map(Optional::of)
                : Uni.createFrom().item(Optional.empty());
    }

    private Uni<Optional<Issuable.Issuer>> issuer(Mutiny.Session session, CredentialType type) {
        Purpose purpose = type.format() == Format.MSO_MDOC ? Purpose.DOCUMENT_SIGNER : Purpose.CREDENTIAL_ISSUER;
        return rights.mayIssue(session, type.agency(), type.id())
                .chain(may -> may
                        ? certificates
                                .current(session, type.agency(), purpose)
                                .map(found -> found.map(Issuable.Issuer::of))
                        : Uni.createFrom().item(Optional.empty()));
    }

    /** The type metadata at the vct that ends with this name, also of a type that was withdrawn: it has credentials. */
    Uni<Optional<String>> documentAt(String name) {
        for (Remembered each : remembered.values()) {
            CredentialType type = each.issuable().type();
            if (type.format() == Format.SD_JWT_VC && type.name().equals(name)) {
                return find(type.id())
                        .chain(found -> found.map(Issuable::document).isPresent()
                                ? Uni.createFrom().item(found.map(Issuable::document))
                                : read(name));
            }
        }
        return read(name);
    }

    private Uni<Optional<String>> read(String name) {
        return sessions.withTransaction(session -> types.withName(session, Format.SD_JWT_VC, name)
                        .chain(found -> found.map(type -> document(session, type))
                                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))))
                .map(served -> served.map(TypeDocuments.Served::body));
    }
}
