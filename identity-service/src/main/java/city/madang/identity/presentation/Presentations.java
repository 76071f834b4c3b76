package city.madang.identity.presentation;

import city.madang.identity.applications.Application;
import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Requests for presentations: made, shown to those whom they concern, read once. */
@ApplicationScoped
public class Presentations {

    /** Of a DCQL query as JSON. */
    private static final int LONGEST_QUERY = 16 * 1024;

    private final Certificates certificates;
    private final IdentitySettings settings;

    Presentations(Certificates certificates, IdentitySettings settings) {
        this.certificates = certificates;
        this.settings = settings;
    }

    /** A request as the agency and the applicant see it. */
    record Shown(UUID id, PresentationState state, String requestUri, String authorizationRequest, Instant expiresAt) {}

    /**
     * The query as JSON, read back as it will be when it is asked.
     *
     * @throws Malformed if it is too long or nested too deep, or cannot be checked
     */
    static String checked(Map<String, ?> dcql) throws Malformed {
        String text = StrictJson.write(dcql);
        if (text.length() > LONGEST_QUERY) {
            throw new Malformed("the query is too long");
        }
        DcqlQuery.parse(StrictJson.object(text));
        return text;
    }

    /**
     * Makes a request of the agency, with a nonce and a key of its own; empty if the agency has no verifier certificate.
     *
     * @param dcql from {@link #checked}
     * @param application what the presentation is for; null if it is for the agency itself
     */
    Uni<Optional<Shown>> create(Mutiny.Session session, String agency, String dcql, @Nullable Application application) {
        return certificates
                .current(session, agency, Purpose.VERIFIER)
                .chain(verifier -> verifier.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : create(session, verifier.get(), dcql, application));
    }

    private Uni<Optional<Shown>> create(
            Mutiny.Session session, AgencyCertificate verifier, String dcql, @Nullable Application application) {
        PresentationEntity entity = new PresentationEntity();
        entity.id = UUID.randomUUID();
        entity.agency = verifier.agency();
        entity.certificate = verifier.id();
        entity.application = application == null ? null : application.id();
        entity.applicant = application == null ? null : application.applicant();
        entity.dcqlQuery = dcql;
        entity.state = PresentationState.REQUESTED.text();
        entity.clientId = verifier.x509HashClientId();
        entity.nonce = Secrets.next();
        entity.walletState = Secrets.next();
        entity.encryptionKey = ResponseKey.generate();
        entity.created = Instant.now();
        entity.expiresAt = entity.created.plus(
                application == null
                        ? settings.presentation().lifetime()
                        : settings.presentation().applicationLifetime());
        return session.persist(entity).chain(session::flush).map(done -> Optional.of(shown(entity)));
    }

    /** The request, if it is this agency's. */
    Uni<Optional<Shown>> ofAgency(Mutiny.Session session, UUID id, String agency) {
        return session.find(PresentationEntity.class, id)
                .map(found ->
                        found != null && found.agency.equals(agency) ? Optional.of(shown(found)) : Optional.empty());
    }

    /** The request, if it is for this citizen. */
    Uni<Optional<Shown>> ofApplicant(Mutiny.Session session, UUID id, String subject) {
        return session.find(PresentationEntity.class, id)
                .map(found -> found != null && subject.equals(found.applicant)
                        ? Optional.of(shown(found))
                        : Optional.empty());
    }

    /** What an agency gets when it asks for the result. */
    sealed interface Result {
        /** @param credentials JSON: the claims by the id of the credential query */
        record Claims(String credentials) implements Result {}

        record Pending() implements Result {}

        record Gone() implements Result {}

        record Unknown() implements Result {}
    }

    /** Gives the disclosed claims and forgets them. */
    Uni<Result> takeResult(Mutiny.Session session, UUID id, String agency) {
        return session.find(PresentationEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                .map(found -> {
                    if (found == null || !found.agency.equals(agency) || found.application != null) {
                        return new Result.Unknown();
                    }
                    Instant now = Instant.now();
                    if (found.stateAt(now) == PresentationState.REQUESTED) {
                        return new Result.Pending();
                    }
                    @Nullable String result = found.result;
                    found.result = null;
                    return result == null || !now.isBefore(found.expiresAt)
                            ? new Result.Gone()
                            : new Result.Claims(result);
                });
    }

    private Shown shown(PresentationEntity entity) {
        String requestUri = settings.issuer() + "/request/" + entity.id;
        return new Shown(
                entity.id,
                entity.stateAt(Instant.now()),
                requestUri,
                "openid4vp://?client_id=" + URLEncoder.encode(entity.clientId, StandardCharsets.UTF_8)
                        + "&request_uri=" + URLEncoder.encode(requestUri, StandardCharsets.UTF_8)
                        + "&request_uri_method=post",
                entity.expiresAt);
    }
}
