package city.madang.identity.presentation;

import city.madang.identity.applications.Application;
import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.presentation.checks.TransactionData;
import city.madang.identity.secrets.AtRest;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Requests for presentations: made, and shown to those whom they concern. */
@ApplicationScoped
public class Presentations {

    private final Certificates certificates;
    private final ClientIds clientIds;
    private final AtRest atRest;
    private final IdentitySettings settings;

    Presentations(Certificates certificates, ClientIds clientIds, AtRest atRest, IdentitySettings settings) {
        this.certificates = certificates;
        this.clientIds = clientIds;
        this.atRest = atRest;
        this.settings = settings;
    }

    /**
     * Makes a request of the agency, with a nonce and a key of its own; empty if the agency has no verifier certificate.
     *
     * @param application what the presentation is for; null if it is for the agency itself
     */
    Uni<Optional<Shown>> create(
            Mutiny.Session session, String agency, Asking asking, @Nullable Application application) {
        return certificates
                .current(session, agency, Purpose.VERIFIER)
                .chain(verifier -> verifier.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : OffLoop.call(() -> entity(verifier.get(), asking, application))
                                .chain(entity -> session.persist(entity)
                                        .chain(session::flush)
                                        .map(done -> Optional.of(Shown.of(entity, settings.issuer())))));
    }

    /** Blocking. */
    private PresentationEntity entity(AgencyCertificate verifier, Asking asking, @Nullable Application application) {
        PresentationEntity entity = new PresentationEntity();
        entity.id = UUID.randomUUID();
        entity.agency = verifier.agency();
        entity.certificate = verifier.id();
        entity.application = application == null ? null : application.id();
        entity.applicant = application == null ? null : application.applicant();
        entity.dcqlQuery = asking.dcql();
        entity.state = PresentationState.REQUESTED.text();
        entity.clientIdPrefix = asking.prefix().text();
        entity.clientId = clientIds.of(asking.prefix(), verifier);
        entity.nonce = Secrets.next();
        entity.walletState = Secrets.next();
        entity.responseMode = asking.mode().text();
        if (asking.mode() == ResponseMode.DIRECT_POST_JWT) {
            String key = ResponseKey.generate();
            entity.encryptionKey = atRest.seal(entity.id, AtRest.Kind.ENCRYPTION_KEY, key);
            entity.keyThumbprint = ResponseKey.thumbprint(key);
        }
        if (!asking.transactionData().isEmpty()) {
            entity.transactionData = StrictJson.write(asking.transactionData().stream()
                    .map(TransactionData::encoded)
                    .toList());
        }
        entity.redirectUri =
                asking.redirect() == null ? null : asking.redirect().toString();
        entity.created = Instant.now();
        entity.expiresAt = entity.created.plus(asking.lifetime());
        return entity;
    }

    /** The request, if it is this agency's. */
    Uni<Optional<Shown>> ofAgency(Mutiny.Session session, UUID id, String agency) {
        return session.find(PresentationEntity.class, id)
                .map(found -> found != null && found.agency.equals(agency)
                        ? Optional.of(Shown.of(found, settings.issuer()))
                        : Optional.empty());
    }

    /** The request, if it is for this citizen; how answers to it failed is the agency's business. */
    Uni<Optional<Shown>> ofApplicant(Mutiny.Session session, UUID id, String subject) {
        return session.find(PresentationEntity.class, id)
                .map(found -> found != null && subject.equals(found.applicant)
                        ? Optional.of(Shown.of(found, settings.issuer()).withoutFailure())
                        : Optional.empty());
    }
}
