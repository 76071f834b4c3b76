package city.madang.identity.presentation;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.FormBody;
import city.madang.identity.jose.Malformed;
import city.madang.identity.problem.OpenIdError;
import city.madang.identity.secrets.AtRest;
import city.madang.identity.trust.Rights;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** {@code /identity/request/{id}}: the signed request object (RFC 9101, OpenID4VP 1.0 §5.10, HAIP 1.0 §5.1). */
@Path("/identity/request/{id}")
public class RequestResource {

    private static final String REQUEST_OBJECT = "application/oauth-authz-req+jwt";

    /** Printable ASCII; it is given back in JSON and nowhere else. */
    private static final Pattern WALLET_NONCE = Pattern.compile("[\\x21-\\x7e]{1,500}");

    private final Certificates certificates;
    private final ClientIds clientIds;
    private final RequestObjects objects;
    private final AtRest atRest;
    private final Mutiny.SessionFactory sessions;
    private final Rights rights;

    RequestResource(
            Certificates certificates,
            ClientIds clientIds,
            RequestObjects objects,
            AtRest atRest,
            Mutiny.SessionFactory sessions,
            Rights rights) {
        this.rights = rights;
        this.certificates = certificates;
        this.clientIds = clientIds;
        this.objects = objects;
        this.atRest = atRest;
        this.sessions = sessions;
    }

    @GET
    @PermitAll
    @Operation(summary = "The signed request object, for the wallet that was given its address")
    @APIResponse(
            responseCode = "200",
            description = "A JWT signed by the agency",
            content =
                    @Content(
                            mediaType = REQUEST_OBJECT,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(name = "object", value = PresentationExamples.REQUEST_OBJECT)))
    @APIResponse(
            responseCode = "404",
            description = "Unknown, answered or expired",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "gone", value = PresentationExamples.NO_SUCH_REQUEST)))
    public Uni<Response> get(@PathParam("id") UUID id) {
        return request(id, null, WalletMetadata.NONE);
    }

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(
            summary = "The signed request object, with the wallet's nonce in it, encrypted if the wallet gives a key")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                            examples = @ExampleObject(name = "post", value = PresentationExamples.REQUEST_POST)))
    @APIResponse(
            responseCode = "200",
            description = "A JWT signed by the agency, or a JWE that holds it",
            content =
                    @Content(
                            mediaType = REQUEST_OBJECT,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(name = "object", value = PresentationExamples.REQUEST_OBJECT)))
    @APIResponse(
            responseCode = "400",
            description = "wallet_nonce or wallet_metadata cannot be used",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "metadata", value = PresentationExamples.BAD_METADATA)))
    @APIResponse(
            responseCode = "404",
            description = "Unknown, answered or expired",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "gone", value = PresentationExamples.NO_SUCH_REQUEST)))
    public Uni<Response> post(@PathParam("id") UUID id, @Nullable String body) {
        try {
            Map<String, String> form = FormBody.parse(body == null ? "" : body);
            String nonce = form.get("wallet_nonce");
            if (nonce != null && !WALLET_NONCE.matcher(nonce).matches()) {
                throw new Malformed("wallet_nonce must be 1 to 500 printable characters");
            }
            return request(id, nonce, WalletMetadata.parse(form.get("wallet_metadata")));
        } catch (Malformed malformed) {
            return Uni.createFrom()
                    .item(OpenIdError.badRequest("invalid_request", String.valueOf(malformed.getMessage()))
                            .toResponse());
        }
    }

    private record ToSign(AgencyCertificate verifier, PresentationEntity presentation) {}

    private Uni<Response> request(UUID id, @Nullable String walletNonce, WalletMetadata wallet) {
        return sessions.withSession(session -> session.find(PresentationEntity.class, id)
                        .chain(found -> found == null || !found.isOpenAt(Instant.now())
                                ? Uni.createFrom().item(Optional.<ToSign>empty())
                                : toSign(session, found)))
                .chain(work -> work.isEmpty()
                        ? Uni.createFrom()
                                .item(OpenIdError.gone("there is no such request, or no longer")
                                        .toResponse())
                        : OffLoop.call(() -> sign(work.get(), walletNonce, wallet)));
    }

    /** Nothing if the agency may no longer ask for it. */
    private Uni<Optional<ToSign>> toSign(Mutiny.Session session, PresentationEntity open) {
        return rights.overAsking(session, open.agency, open.dcql())
                .chain(over -> over.isPresent()
                        ? Uni.createFrom().item(Optional.empty())
                        : certificates
                                .get(session, open.certificate)
                                .map(verifier -> Optional.of(new ToSign(verifier, open))));
    }

    /** Blocking. */
    private Response sign(ToSign work, @Nullable String walletNonce, WalletMetadata wallet) {
        PresentationEntity presentation = work.presentation();
        String sealed = presentation.encryptionKey;
        Map<String, Object> payload = objects.payload(
                presentation,
                sealed == null ? null : atRest.open(presentation.id, AtRest.Kind.ENCRYPTION_KEY, sealed),
                walletNonce);
        String object = CompactJws.sign(
                clientIds.header(presentation.prefix(), work.verifier()),
                payload,
                input -> clientIds.sign(work.verifier(), input));
        return Response.ok(wallet.encrypt(object))
                .type(REQUEST_OBJECT)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
