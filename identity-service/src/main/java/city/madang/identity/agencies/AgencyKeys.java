package city.madang.identity.agencies;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.jose.PublicJwk;
import city.madang.kit.keys.Keyring;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.security.PublicKey;
import java.util.Objects;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * The keys of agencies: those in this service's keyring, with which it signs for them, and those that agencies hold themselves, with
 * which they sign in systems of their own.
 */
@ApplicationScoped
public class AgencyKeys {

    private final Agencies agencies;
    private final Certificates certificates;
    private final AgencyChanges changes;
    private final Keyring keyring;
    private final Mutiny.SessionFactory sessions;
    private final Event<AgencyChanged> changed;

    AgencyKeys(
            Agencies agencies,
            Certificates certificates,
            AgencyChanges changes,
            Keyring keyring,
            Mutiny.SessionFactory sessions,
            Event<AgencyChanged> changed) {
        this.agencies = agencies;
        this.certificates = certificates;
        this.changes = changes;
        this.keyring = keyring;
        this.sessions = sessions;
        this.changed = changed;
    }

    /**
     * Makes the next key for a purpose and certifies it; from then on this service signs with it. What the key before has signed
     * stays good until its certificate ends or is revoked.
     *
     * @param replaces thumbprint (RFC 7638) of the key in use, so that a repeated or simultaneous call rotates once
     */
    Uni<AgencyCertificate> rotate(String id, Purpose purpose, String replaces, Actor actor) {
        return sessions.withTransaction(session -> agencies.acting(session, id)
                        .chain(agency -> certificates
                                .newest(session, id, purpose)
                                .chain(newest -> {
                                    AgencyCertificate before = newest.map(Certificates.Newest::certificate)
                                            .orElseThrow(() -> CommonProblem.CONFLICT.with(
                                                    "this service holds no such key of the agency"));
                                    if (!thumbprint(before).equals(replaces)) {
                                        throw CommonProblem.CONFLICT.with(
                                                "the key in use is another one: it was rotated already");
                                    }
                                    int version = Objects.requireNonNull(before.keyVersion()) + 1;
                                    return OffLoop.call(() -> held(id, purpose, version))
                                            .chain(key -> certificates.certify(
                                                    session, id, agency.name().en(), key));
                                }))
                        .chain(certificate -> noted(
                                session, certificate, AgencyChanges.Change.KEY_ROTATED, purpose.text(), null, actor)))
                .invoke(() -> changed.fire(new AgencyChanged(id)));
    }

    private Certificates.Key held(String agency, Purpose purpose, int version) {
        return new Certificates.Key(
                purpose, version, keyring.createIfAbsent(purpose.keyId(agency, version), Keyring.Algorithm.ES256));
    }

    /** Certifies a key that the agency holds itself; this service never signs with it. */
    Uni<AgencyCertificate> certifyOwn(String id, Purpose purpose, PublicKey key, Actor actor) {
        return sessions.withTransaction(session -> agencies.acting(session, id)
                        .chain(agency -> certificates.certify(
                                session, id, agency.name().en(), new Certificates.Key(purpose, null, key)))
                        .chain(certificate -> noted(
                                session,
                                certificate,
                                AgencyChanges.Change.CERTIFICATE_ISSUED,
                                purpose.text(),
                                null,
                                actor)))
                .invoke(() -> changed.fire(new AgencyChanged(id)));
    }

    /** From now on nothing that this key has signed is trusted; if it is in use, the agency cannot sign until it is rotated. */
    Uni<AgencyCertificate> revoke(
            String id, String leafSha256, StandingReason reason, @Nullable String note, Actor actor) {
        return sessions.withTransaction(session -> agencies.lock(session, id)
                        .chain(() -> certificates.revoke(session, id, leafSha256, reason.text()))
                        .map(found -> found.orElseThrow(
                                () -> CommonProblem.NOT_FOUND.with("the agency has no such certificate")))
                        .chain(certificate -> noted(
                                session,
                                certificate,
                                AgencyChanges.Change.CERTIFICATE_REVOKED,
                                reason.text(),
                                note,
                                actor)))
                .invoke(() -> changed.fire(new AgencyChanged(id)));
    }

    /** @param what purpose or reason, to stand beside the key's thumbprint */
    private Uni<AgencyCertificate> noted(
            Mutiny.Session session,
            AgencyCertificate certificate,
            AgencyChanges.Change change,
            String what,
            @Nullable String note,
            Actor actor) {
        return changes.note(session, certificate.agency(), change, what + " " + thumbprint(certificate), note, actor)
                .replaceWith(certificate);
    }

    static String thumbprint(AgencyCertificate certificate) {
        return PublicJwk.of(certificate.key()).thumbprint();
    }
}
