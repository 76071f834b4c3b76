package city.madang.payment.authorisations;

import city.madang.kit.caller.CurrentCaller;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.problems.PaymentProblem;
import city.madang.payment.requests.ClientKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Authorisations to pay. */
@Path("/payment/authorisations")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class AuthorisationsResource {

    private final Acceptor acceptor;
    private final Authorisations authorisations;
    private final LedgerGate gate;
    private final OwnerOfCall call;
    private final Vertx vertx;
    private final WellFormed wellFormed;

    AuthorisationsResource(
            Acceptor acceptor,
            Authorisations authorisations,
            LedgerGate gate,
            OwnerOfCall call,
            Vertx vertx,
            WellFormed wellFormed) {
        this.acceptor = acceptor;
        this.authorisations = authorisations;
        this.gate = gate;
        this.call = call;
        this.vertx = vertx;
        this.wellFormed = wellFormed;
    }

    @POST
    @Operation(
            summary = "Bring a signed authorisation: a payment, an instalment of a bill, a refund, or a hold",
            description =
                    "201 when it is accepted now; 200 with Idempotency-Replayed: true and the first answer when it was"
                            + " before. With an Idempotency-Key another authorisation under the same key is refused (422"
                            + " idempotency-key-reused), so that a payment signed anew after a lost answer is not paid"
                            + " twice.")
    @RequestBody(required = true, content = @Content(examples = @ExampleObject(AuthorisationExamples.SIGNED)))
    @APIResponse(
            responseCode = "200",
            description = "taken before; with Idempotency-Replayed: true",
            content =
                    @Content(
                            schema = @Schema(implementation = AuthorisationView.class),
                            examples = @ExampleObject(AuthorisationExamples.ACCEPTED)))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = AuthorisationView.class),
                            examples = {
                                @ExampleObject(name = "payment", value = AuthorisationExamples.ACCEPTED),
                                @ExampleObject(name = "hold", value = AuthorisationExamples.HELD)
                            }))
    public Uni<RestResponse<AuthorisationView>> submit(
            @HeaderParam(ClientKey.HEADER) @Nullable String key, @Nullable SignedPay signed) {
        Submission submission = wellFormed
                .required(signed)
                .submission(
                        call.owner(),
                        ClientKey.optional(key).orElse(null),
                        gate.ready().separator());
        return Answered.on(vertx.getOrCreateContext(), () -> acceptor.submit(submission))
                .map(answer -> respond(submission, answer));
    }

    private static RestResponse<AuthorisationView> respond(Submission submission, Acceptor.Answer answer) {
        String location = "/payment/authorisations/" + submission.id().hex();
        return switch (answer.verdict()) {
            case Verdict.Accepted _ -> {
                Terms terms = submission.terms();
                Earlier now = new Earlier(answer.at(), terms.holdUntil(), terms.refundOf());
                yield RestResponse.ResponseBuilder.create(
                                RestResponse.Status.CREATED, AuthorisationView.first(submission, now))
                        .header(HttpHeaders.LOCATION, location)
                        .build();
            }
            case Verdict.Replayed(Earlier earlier) ->
                RestResponse.ResponseBuilder.ok(AuthorisationView.first(submission, earlier))
                        .header(ClientKey.REPLAYED, "true")
                        .header(HttpHeaders.LOCATION, location)
                        .build();
            case Verdict.Refused(Refusal why) -> {
                PaymentProblem problem = PaymentProblem.valueOf(why.name());
                throw problem.with(problem.meaning().when());
            }
        };
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "What became of an authorisation of which the caller is payer or payee")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = AuthorisationView.class),
                            examples = @ExampleObject(AuthorisationExamples.SETTLED)))
    public Uni<AuthorisationView> get(@Pattern(regexp = "0x[0-9a-f]{64}") String id) {
        return authorisations.get(call.owner(), id).map(Transfer::view);
    }
}
