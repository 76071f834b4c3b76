package city.madang.identity.issuance;

import city.madang.identity.authorization.AccessGrant;
import city.madang.identity.authorization.AccessTokens;
import city.madang.identity.authorization.DpopProof;
import city.madang.identity.authorization.OffersDpopNonce;
import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.offers.Fulfilment;
import city.madang.identity.problem.OpenIdError;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** {@code POST /identity/credential}: the Credential Endpoint (OpenID4VCI 1.0 clause 8). */
@Path("/identity/credential")
@OffersDpopNonce
@Produces(MediaType.APPLICATION_JSON)
public class CredentialResource {

    private final AccessTokens tokens;
    private final Fulfilment fulfilment;
    private final Nonces nonces;
    private final CredentialTypes types;
    private final Certificates certificates;
    private final CredentialSigner signer;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    CredentialResource(
            AccessTokens tokens,
            Fulfilment fulfilment,
            Nonces nonces,
            CredentialTypes types,
            Certificates certificates,
            CredentialSigner signer,
            Mutiny.SessionFactory sessions,
            IdentitySettings settings) {
        this.tokens = tokens;
        this.fulfilment = fulfilment;
        this.nonces = nonces;
        this.types = types;
        this.certificates = certificates;
        this.signer = signer;
        this.sessions = sessions;
        this.settings = settings;
    }

    /** How a request stands once the database was asked. */
    private sealed interface Examined {
        record Refused(OpenIdError error) implements Examined {}

        /** Issued before; nothing is signed again. */
        record Before(Fulfilment.Outcome outcome) implements Examined {}

        record ToSign(
                CredentialType type, AgencyCertificate issuer, Map<String, @Nullable Object> claims, KeyProofs proofs)
                implements Examined {}
    }

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Issue the offered credential, bound to the keys that the proofs show")
    public Uni<Response> issue(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(DpopProof.HEADER) List<String> dpop,
            @Nullable String body) {
        return tokens.check(authorization, dpop, HttpMethod.POST, settings.issuer() + "/credential")
                .chain(checked -> switch (checked) {
                    case AccessTokens.Checked.Refused refused ->
                        Uni.createFrom().item(refused.response());
                    case AccessTokens.Checked.Good good -> issue(good.grant(), body == null ? "" : body);
                });
    }

    private Uni<Response> issue(AccessGrant grant, String body) {
        UUID offer = grant.offer();
        if (offer == null) {
            return Uni.createFrom()
                    .item(OpenIdError.badRequest("credential_request_denied", "there is no offer to this citizen")
                            .toResponse());
        }
        return sessions.withTransaction(session -> examine(session, grant, offer, body))
                .chain(examined -> switch (examined) {
                    case Examined.Refused refused ->
                        Uni.createFrom().item(refused.error().toResponse());
                    case Examined.Before before -> Uni.createFrom().item(answer(before.outcome()));
                    case Examined.ToSign work -> sign(offer, work);
                });
    }

    private Uni<Examined> examine(Mutiny.Session session, AccessGrant grant, UUID id, String body) {
        return fulfilment.authorised(session, id).chain(found -> {
            if (found.isEmpty()) {
                return refused(OpenIdError.invalidToken("the access token is unknown or expired"));
            }
            Fulfilment.Authorised offer = found.get();
            boolean identified = !grant.credentials().getFirst().identifiers().isEmpty();
            return switch (CredentialRequest.read(
                    body, offer.credentialType(), identified, settings.issuer(), Instant.now())) {
                case CredentialRequest.Bad bad -> refused(bad.error());
                case CredentialRequest.Good good ->
                    nonces.use(session, good.proofs().nonce())
                            .chain(fresh -> fresh
                                    ? prepare(session, offer, good.proofs())
                                    : refused(OpenIdError.badRequest(
                                            "invalid_nonce", "the nonce is unknown, used or expired")));
            };
        });
    }

    private Uni<Examined> prepare(Mutiny.Session session, Fulfilment.Authorised offer, KeyProofs proofs) {
        Map<String, @Nullable Object> claims = offer.claims();
        if (claims == null) {
            return fulfilment
                    .again(session, offer.offer(), proofs.thumbprints())
                    .map(Examined.Before::new);
        }
        return types.find(session, offer.credentialType())
                .map(java.util.Optional::orElseThrow)
                .chain(type -> certificates
                        .current(session, type.agency(), Purpose.CREDENTIAL_ISSUER)
                        .map(issuer -> issuer.<Examined>map(valid -> new Examined.ToSign(type, valid, claims, proofs))
                                .orElseGet(() -> new Examined.Refused(OpenIdError.badRequest(
                                        "credential_request_denied", "the agency's certificate has expired")))));
    }

    private static Uni<Examined> refused(OpenIdError error) {
        return Uni.createFrom().item(new Examined.Refused(error));
    }

    private Uni<Response> sign(UUID offer, Examined.ToSign work) {
        return OffLoop.call(() -> signer.sign(
                        work.type(), work.issuer(), work.claims(), work.proofs().keys()))
                .chain(credentials -> sessions.withTransaction(session ->
                        fulfilment.issue(session, offer, work.proofs().thumbprints(), credentials)))
                .map(CredentialResource::answer);
    }

    private static Response answer(Fulfilment.Outcome outcome) {
        return switch (outcome) {
            case Fulfilment.Outcome.Issued issued ->
                Response.ok(Map.of(
                                "credentials",
                                issued.credentials().stream()
                                        .map(credential -> Map.of("credential", credential))
                                        .toList()))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build();
            case Fulfilment.Outcome.AlreadyIssued issued ->
                OpenIdError.badRequest("credential_request_denied", "the offer was used for another key")
                        .toResponse();
            case Fulfilment.Outcome.InvalidToken invalid ->
                OpenIdError.invalidToken("the access token is unknown or expired")
                        .toResponse();
        };
    }
}
