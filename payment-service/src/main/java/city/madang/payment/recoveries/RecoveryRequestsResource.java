package city.madang.payment.recoveries;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.worker.OffLoop;
import city.madang.payment.accounts.KeyProof;
import city.madang.payment.accounts.Owner;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** Asking for a new key, for owners. */
@Path("/payment/accounts/{id}/recoveries")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class RecoveryRequestsResource {

    private static final String BYTES32 = "0x[0-9a-f]{64}";

    private final Recoveries recoveries;
    private final OwnerOfCall call;
    private final String audience;

    RecoveryRequestsResource(
            Recoveries recoveries, OwnerOfCall call, @ConfigProperty(name = "madang.origin") String origin) {
        this.recoveries = recoveries;
        this.call = call;
        this.audience = origin + "/payment";
    }

    /** A new key for an account whose key is lost, with the proof that it is held, as for opening an account. */
    public record NewKey(@NotNull @Size(max = 4096) String proof) {}

    @POST
    @Operation(
            summary = "Ask for a new key of an account whose key is lost",
            description =
                    "Nothing happens before the identity authority has proofed the holder and proposed it. What was"
                            + " asked for before and not proposed ends.")
    @RequestBody(
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            "{\"proof\": \"eyJ0eXAiOiJtYWRhbmctYWNjb3VudCtqd3QiLCJhbGciOiJFUzI1NiJ9.e30.c2ln\"}")))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = RecoveryView.class),
                            examples = @ExampleObject(RecoveriesResource.VIEW)))
    public Uni<RestResponse<RecoveryView>> request(@Pattern(regexp = BYTES32) String id, @NotNull @Valid NewKey key) {
        Owner owner = call.owner();
        String subject = call.subject();
        return OffLoop.call(() -> proven(key.proof(), subject))
                .chain(proof -> recoveries.request(owner, subject, id, proof))
                .map(view -> RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, view)
                        .location(URI.create("/payment/recoveries/" + view.id()))
                        .build());
    }

    private KeyProof proven(String proof, String subject) {
        try {
            return KeyProof.verify(proof, audience, subject, Instant.now());
        } catch (KeyProof.Invalid invalid) {
            throw PaymentProblem.INVALID_PROOF.with(String.valueOf(invalid.getMessage()));
        }
    }
}
