package city.madang.identity.certificates;

import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@code /identity/iaca}: the root of document signers, and which of them are revoked (ISO/IEC 18013-5 annex B). */
@Path("/identity/iaca")
@PermitAll
public class IacaResource {

    private static final String PEM = "application/x-pem-file";

    /** RFC 2585 §4.2. */
    private static final String CRL = "application/pkix-crl";

    /** With the second for which a process remembers, a revocation is seen within five. */
    private static final String CACHED = "public, max-age=3";

    private static final String PEM_EXAMPLE = "-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n";

    private static final int PEM_LINE = 64;

    private final Iacas iacas;
    private final Crls crls;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    IacaResource(Iacas iacas, Crls crls, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.iacas = iacas;
        this.crls = crls;
        this.sessions = sessions;
        this.settings = settings;
    }

    @GET
    @Produces(PEM)
    @Operation(
            summary = "The city's IACA for mdocs",
            description =
                    "The root certificates (ISO/IEC 18013-5 B.1.2) to which document signers lead, oldest first. The trust list, signed"
                            + " below the city's root, names the same: compare before you trust them.")
    @APIResponse(
            responseCode = "200",
            description = "PEM; one certificate, and near its end the next one too",
            content =
                    @Content(
                            mediaType = PEM,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(name = "iaca", value = PEM_EXAMPLE)))
    public Uni<Response> certificates() {
        return sessions.withTransaction(iacas::current).map(current -> Response.ok(
                        iacas.known().stream().map(IacaResource::pem).collect(Collectors.joining()))
                .type(PEM)
                .header(HttpHeaders.CACHE_CONTROL, cached())
                .build());
    }

    private String cached() {
        return "public, max-age=" + settings.trustList().cached().toSeconds();
    }

    private static String pem(Iaca iaca) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(iaca.der())
                + "\n-----END CERTIFICATE-----\n";
    }

    @GET
    @Path("{number}/crl")
    @Produces(CRL)
    @Operation(
            summary = "Which document signers of an IACA are revoked",
            description =
                    "The CRL (RFC 5280) that certificates of the IACA name. Shows a revocation within five seconds, and the certificates of"
                            + " an agency that is revoked as on hold.")
    @APIResponse(
            responseCode = "200",
            description = "DER",
            content =
                    @Content(
                            mediaType = CRL,
                            schema = @Schema(implementation = String.class, format = "binary"),
                            examples =
                                    @ExampleObject(
                                            name = "crl",
                                            value = "CertificateList",
                                            description = "its ASN.1 type; what is sent is DER")))
    @APIResponse(responseCode = "304", description = "Not changed since the copy that If-None-Match names")
    @APIResponse(responseCode = "404", description = "There is no IACA of this number")
    public Uni<Response> crl(@PathParam("number") int number, @Context Request request) {
        return crls.current(number).map(list -> {
            EntityTag tag = new EntityTag(Long.toString(list.number()));
            Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
            return (unchanged == null ? Response.ok(list.der()).type(CRL) : unchanged)
                    .tag(tag)
                    .lastModified(Date.from(list.issued()))
                    .header(HttpHeaders.CACHE_CONTROL, CACHED)
                    .build();
        });
    }
}
