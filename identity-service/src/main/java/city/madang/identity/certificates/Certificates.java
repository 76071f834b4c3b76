package city.madang.identity.certificates;

import city.madang.identity.jose.Sha256;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** The certificates that agencies have. */
@ApplicationScoped
public class Certificates {

    /** A certificate with less left than this is replaced when its agency is registered again. */
    private static final Duration RENEWED_BEFORE = Duration.ofDays(60);

    private final CityCa ca;

    Certificates(CityCa ca) {
        this.ca = ca;
    }

    /**
     * The certificate of this key, purpose and name: the one there is, or a new one. The caller holds a lock on the agency, so that
     * two at once do not both issue.
     */
    public Uni<AgencyCertificate> certify(
            Mutiny.Session session, String agency, String name, Purpose purpose, PublicKey key) {
        String keySha256 = Sha256.hex(key.getEncoded());
        return session.createQuery(
                        "from CertificateEntity where agency = ?1 and purpose = ?2 and keySha256 = ?3 and notAfter > ?4"
                                + " order by issued desc",
                        CertificateEntity.class)
                .setParameter(1, agency)
                .setParameter(2, purpose.text())
                .setParameter(3, keySha256)
                .setParameter(4, Instant.now().plus(RENEWED_BEFORE))
                .setMaxResults(1)
                .getSingleResultOrNull()
                .chain(present -> present != null
                                && CityCa.isNamed(present.toCertificate().leaf(), agency, name)
                        ? Uni.createFrom().item(present.toCertificate())
                        : OffLoop.call(() -> ca.issue(agency, name, purpose, key))
                                .chain(issued -> keep(session, agency, purpose, keySha256, issued)));
    }

    private static Uni<AgencyCertificate> keep(
            Mutiny.Session session, String agency, Purpose purpose, String keySha256, CityCa.Issued issued) {
        CertificateEntity entity = new CertificateEntity();
        entity.id = UUID.randomUUID();
        entity.agency = agency;
        entity.purpose = purpose.text();
        entity.keySha256 = keySha256;
        entity.leafSha256 = Sha256.hex(issued.der().getFirst());
        entity.chain =
                issued.der().stream().map(Base64.getEncoder()::encodeToString).collect(Collectors.joining(" "));
        entity.issued = Instant.now();
        entity.notAfter = issued.notAfter();
        return session.persist(entity).replaceWith(entity::toCertificate);
    }

    /** The one in use, if the agency has any. */
    public Uni<Optional<AgencyCertificate>> current(Mutiny.Session session, String agency, Purpose purpose) {
        return session.createQuery(
                        "from CertificateEntity where agency = ?1 and purpose = ?2 and notAfter > ?3 order by issued desc",
                        CertificateEntity.class)
                .setParameter(1, agency)
                .setParameter(2, purpose.text())
                .setParameter(3, Instant.now())
                .setMaxResults(1)
                .getSingleResultOrNull()
                .map(found -> Optional.ofNullable(found).map(CertificateEntity::toCertificate));
    }

    public Uni<AgencyCertificate> get(Mutiny.Session session, UUID id) {
        return session.find(CertificateEntity.class, id).map(CertificateEntity::toCertificate);
    }

    /** All that are valid now of these agencies, newest first. */
    public Uni<List<AgencyCertificate>> valid(Mutiny.Session session, List<String> agencies) {
        return agencies.isEmpty()
                ? Uni.createFrom().item(List.of())
                : session.createQuery(
                                "from CertificateEntity where agency in (?1) and notAfter > ?2 order by issued desc",
                                CertificateEntity.class)
                        .setParameter(1, agencies)
                        .setParameter(2, Instant.now())
                        .getResultList()
                        .map(found -> found.stream()
                                .map(CertificateEntity::toCertificate)
                                .toList());
    }

    /** Those that sign credentials and are valid now, of all agencies. */
    public Uni<List<AgencyCertificate>> credentialIssuers(Mutiny.Session session) {
        return session.createQuery(
                        "from CertificateEntity where purpose = ?1 and notAfter > ?2 order by agency, issued desc",
                        CertificateEntity.class)
                .setParameter(1, Purpose.CREDENTIAL_ISSUER.text())
                .setParameter(2, Instant.now())
                .getResultList()
                .map(found ->
                        found.stream().map(CertificateEntity::toCertificate).toList());
    }
}
