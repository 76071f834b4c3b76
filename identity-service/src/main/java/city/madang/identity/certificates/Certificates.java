package city.madang.identity.certificates;

import city.madang.identity.jose.Sha256;
import city.madang.identity.problem.IdentityProblem;
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
import org.jspecify.annotations.Nullable;

/** The certificates that agencies have. */
@ApplicationScoped
public class Certificates {

    /** A certificate with less left than this is replaced when its agency is registered again. */
    private static final Duration RENEWED_BEFORE = Duration.ofDays(60);

    /**
     * One of the IACA is replaced when it has less left than this, after ninety days: an mdoc of a year then never outlasts it.
     */
    public static final Duration RENEWED_BEFORE_OF_IACA = Duration.ofDays(367);

    private final CityCa ca;
    private final MdocCa mdocCa;
    private final Iacas iacas;

    Certificates(CityCa ca, MdocCa mdocCa, Iacas iacas) {
        this.ca = ca;
        this.mdocCa = mdocCa;
        this.iacas = iacas;
    }

    /**
     * A key that is to be certified.
     *
     * @param version which of the agency's keys in the keyring it is; null if someone else holds it
     */
    public record Key(Purpose purpose, @Nullable Integer version, PublicKey publicKey) {}

    /**
     * The certificate of this key and name: the one there is, or a new one. The caller holds a lock on the agency, so that two at
     * once do not both issue. Fails with {@link IdentityProblem#KEY_TAKEN} if the key is another's or for another purpose, or its
     * certificate was revoked.
     */
    public Uni<AgencyCertificate> certify(Mutiny.Session session, String agency, String name, Key key) {
        return key.purpose().isOfIaca()
                ? iacas.current(session).chain(iaca -> certify(session, agency, name, key, iaca))
                : certify(session, agency, name, key, null);
    }

    /** @param iaca null for a purpose of the agency CA */
    private Uni<AgencyCertificate> certify(
            Mutiny.Session session, String agency, String name, Key key, @Nullable Iaca iaca) {
        String sha256 = Sha256.hex(key.publicKey().getEncoded());
        return claim(session, agency, key.purpose(), sha256)
                .chain(() -> session.createQuery(
                                "from CertificateEntity where keySha256 = ?1 order by issued desc",
                                CertificateEntity.class)
                        .setParameter(1, sha256)
                        .setMaxResults(1)
                        .getSingleResultOrNull())
                .chain(present -> {
                    if (present != null && present.revokedAt != null) {
                        throw IdentityProblem.KEY_TAKEN.with("the certificate of this key was revoked");
                    }
                    return present != null && isGood(present, agency, name, key, iaca)
                            ? Uni.createFrom().item(present.toCertificate())
                            : OffLoop.call(() -> issue(agency, name, key, iaca))
                                    .chain(issued -> keep(session, agency, key, sha256, issued, iaca));
                });
    }

    private boolean isGood(CertificateEntity present, String agency, String name, Key key, @Nullable Iaca iaca) {
        byte[] leaf = present.toCertificate().leaf();
        return present.notAfter.isAfter(Instant.now().plus(iaca == null ? RENEWED_BEFORE : RENEWED_BEFORE_OF_IACA))
                && (iaca == null
                        ? ca.isNamed(leaf, agency, name, key.purpose())
                        : mdocCa.isNamed(iaca, leaf, agency, name));
    }

    private CityCa.Issued issue(String agency, String name, Key key, @Nullable Iaca iaca) {
        return iaca == null
                ? ca.issue(agency, name, key.purpose(), key.publicKey(), key.version() != null)
                : mdocCa.issue(iaca, agency, name, key.purpose(), key.publicKey());
    }

    /** The first who has a key certified is the only one who ever can, and for that purpose alone. */
    private static Uni<Void> claim(Mutiny.Session session, String agency, Purpose purpose, String sha256) {
        return session.createNativeQuery(
                        "insert into certified_key (sha256, agency, purpose) values (?1, ?2, ?3) on conflict do nothing")
                .setParameter(1, sha256)
                .setParameter(2, agency)
                .setParameter(3, purpose.text())
                .executeUpdate()
                .chain(() -> session.createNativeQuery(
                                "select count(*) from certified_key where sha256 = ?1 and agency = ?2 and purpose = ?3",
                                Long.class)
                        .setParameter(1, sha256)
                        .setParameter(2, agency)
                        .setParameter(3, purpose.text())
                        .getSingleResult())
                .invoke(own -> {
                    if (own == null || own == 0) {
                        throw IdentityProblem.KEY_TAKEN.with(
                                "the key is certified already, for another agency or another purpose");
                    }
                })
                .replaceWithVoid();
    }

    private static Uni<AgencyCertificate> keep(
            Mutiny.Session session, String agency, Key key, String sha256, CityCa.Issued issued, @Nullable Iaca iaca) {
        CertificateEntity entity = new CertificateEntity();
        entity.id = UUID.randomUUID();
        entity.agency = agency;
        entity.purpose = key.purpose().text();
        entity.keyVersion = key.version();
        entity.iaca = iaca == null ? null : iaca.number();
        entity.keySha256 = sha256;
        entity.leafSha256 = Sha256.hex(issued.der().getFirst());
        entity.chain =
                issued.der().stream().map(Base64.getEncoder()::encodeToString).collect(Collectors.joining(" "));
        entity.issued = Instant.now();
        entity.notAfter = issued.notAfter();
        return session.persist(entity).chain(session::flush).replaceWith(entity::toCertificate);
    }

    /** The one with whose key this service signs for the agency now, if any. */
    public Uni<Optional<AgencyCertificate>> current(Mutiny.Session session, String agency, Purpose purpose) {
        return newest(session, agency, purpose).map(found -> found.filter(newest -> !newest.revoked())
                .map(Newest::certificate)
                .filter(certificate -> certificate.notAfter().isAfter(Instant.now())));
    }

    /** The last key that the keyring holds for an agency, whether or not its certificate is good. */
    public record Newest(AgencyCertificate certificate, boolean revoked) {}

    public Uni<Optional<Newest>> newest(Mutiny.Session session, String agency, Purpose purpose) {
        return session.createQuery(
                        "from CertificateEntity where agency = ?1 and purpose = ?2 and keyVersion is not null"
                                + " order by keyVersion desc, issued desc",
                        CertificateEntity.class)
                .setParameter(1, agency)
                .setParameter(2, purpose.text())
                .setMaxResults(1)
                .getSingleResultOrNull()
                .map(found -> Optional.ofNullable(found)
                        .map(entity -> new Newest(entity.toCertificate(), entity.revokedAt != null)));
    }

    public Uni<AgencyCertificate> get(Mutiny.Session session, UUID id) {
        return session.find(CertificateEntity.class, id).map(CertificateEntity::toCertificate);
    }

    /** All that are good now of these agencies: in use first, then of keys before, then of keys that others hold. */
    public Uni<List<AgencyCertificate>> valid(Mutiny.Session session, List<String> agencies) {
        return agencies.isEmpty()
                ? Uni.createFrom().item(List.of())
                : session.createQuery(
                                "from CertificateEntity where agency in (?1) and notAfter > ?2 and revokedAt is null"
                                        + " order by agency, purpose, keyVersion desc nulls last, issued desc",
                                CertificateEntity.class)
                        .setParameter(1, agencies)
                        .setParameter(2, Instant.now())
                        .getResultList()
                        .map(found -> found.stream()
                                .map(CertificateEntity::toCertificate)
                                .toList());
    }

    /** Those with whose keys this service signs, or has signed, credentials that can still be relied upon; of all agencies. */
    public Uni<List<AgencyCertificate>> credentialIssuers(Mutiny.Session session) {
        return session.createQuery(
                        "from CertificateEntity where purpose = ?1 and notAfter > ?2 and revokedAt is null"
                                + " and keyVersion is not null"
                                + " and agency not in (select id from AgencyEntity where revokedAt is not null)"
                                + " order by agency, keyVersion desc, issued desc",
                        CertificateEntity.class)
                .setParameter(1, Purpose.CREDENTIAL_ISSUER.text())
                .setParameter(2, Instant.now())
                .getResultList()
                .map(found ->
                        found.stream().map(CertificateEntity::toCertificate).toList());
    }

    /**
     * Revokes all certificates of the key that this one certifies; again is no error. Empty if the agency has no such certificate.
     *
     * @param leafSha256 hex
     */
    public Uni<Optional<AgencyCertificate>> revoke(
            Mutiny.Session session, String agency, String leafSha256, String reason) {
        return session.createQuery(
                        "from CertificateEntity where agency = ?1 and leafSha256 = ?2", CertificateEntity.class)
                .setParameter(1, agency)
                .setParameter(2, leafSha256)
                .getSingleResultOrNull()
                .chain(found -> found == null
                        ? Uni.createFrom().item(Optional.empty())
                        : session.createQuery("from CertificateEntity where keySha256 = ?1", CertificateEntity.class)
                                .setParameter(1, found.keySha256)
                                .getResultList()
                                .invoke(all -> all.stream()
                                        .filter(one -> one.revokedAt == null)
                                        .forEach(one -> {
                                            one.revokedAt = Instant.now();
                                            one.revocationReason = reason;
                                        }))
                                .replaceWith(Optional.of(found.toCertificate())));
    }
}
