package city.madang.identity.agencies;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.did.AgencyDid;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@code /identity/agencies/{agency}/did.json}: the document of an agency's did:web (did:web method §3.2). */
@Path("/identity/agencies/{agency}/did.json")
public class DidResource {

    private static final String DID_JSON = "application/did+json";

    /** So long a revoked key may still be taken from a cache. */
    private static final String CACHED = "public, max-age=5";

    private final Agencies agencies;
    private final Certificates certificates;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    DidResource(
            Agencies agencies, Certificates certificates, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.agencies = agencies;
        this.certificates = certificates;
        this.sessions = sessions;
        this.settings = settings;
    }

    @GET
    @PermitAll
    @Produces({MediaType.APPLICATION_JSON, DID_JSON})
    @Operation(
            summary = "The DID document of an agency",
            description = "Every key whose certificate is good; none of a revoked agency, whose DID is gone (404).")
    @APIResponse(
            responseCode = "200",
            description = "The document",
            content = {
                @Content(
                        mediaType = DID_JSON,
                        schema = @Schema(implementation = DidDocument.class),
                        examples = @ExampleObject(name = "did", value = AgencyExamples.DID)),
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = DidDocument.class),
                        examples = @ExampleObject(name = "did", value = AgencyExamples.DID))
            })
    public Uni<Response> document(
            @PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency, @Context Request request) {
        return sessions.withSession(session -> agencies.find(session, agency)
                .map(found -> found.filter(one -> !one.isRevoked())
                        .orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such agency, or no longer")))
                .chain(found -> certificates.valid(session, List.of(agency)))
                .map(all -> StrictJson.write(DidDocument.of(
                        AgencyDid.of(settings.origin(), agency),
                        keys(all, Purpose.CREDENTIAL_ISSUER),
                        keys(all, Purpose.VERIFIER))))
                .map(body -> answer(request, body)));
    }

    private static List<PublicJwk> keys(List<AgencyCertificate> all, Purpose purpose) {
        return all.stream()
                .filter(certificate -> certificate.purpose() == purpose)
                .map(certificate -> PublicJwk.of(certificate.key()))
                .distinct()
                .toList();
    }

    private static Response answer(Request request, String body) {
        EntityTag tag = new EntityTag(Sha256.hex(body));
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return (unchanged == null ? Response.ok(body) : unchanged)
                .tag(tag)
                .header(HttpHeaders.CACHE_CONTROL, CACHED)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .build();
    }
}
