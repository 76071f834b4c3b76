package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PayAuthorisation;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.p256.P256;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigInteger;
import java.net.URI;
import java.util.Base64;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/** Authorisations to pay. */
@Path("/payment/authorisations")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class AuthorisationsResource {

    private static final String BYTES32 = "0x[0-9a-f]{64}";
    private static final long AMOUNT_MAX = 1_000_000_000_000L;
    private static final long KEY_VERSION_MAX = Integer.MAX_VALUE;

    /** Unix seconds far beyond any window, small enough to be added to. */
    private static final long SECONDS_MAX = 1L << 40;

    private static final int NONCE_BITS = 256;

    private final Acceptor acceptor;
    private final Authorisations authorisations;
    private final LedgerGate gate;
    private final OwnerOfCall call;
    private final Vertx vertx;

    AuthorisationsResource(
            Acceptor acceptor, Authorisations authorisations, LedgerGate gate, OwnerOfCall call, Vertx vertx) {
        this.acceptor = acceptor;
        this.authorisations = authorisations;
        this.gate = gate;
        this.call = call;
        this.vertx = vertx;
    }

    /** The members of {@code Pay} and the signature over it. */
    public record Signed(
            @NotNull @Pattern(regexp = BYTES32) String from,
            @NotNull @Min(1) @Max(KEY_VERSION_MAX) Long keyVersion,
            @NotNull @Pattern(regexp = BYTES32) String to,
            @NotNull @Min(1) @Max(AMOUNT_MAX) Long amount,
            @NotNull @Pattern(regexp = BYTES32) String billHash,
            @NotNull @Pattern(regexp = "0|[1-9][0-9]{0,77}") String nonce,
            @NotNull @Min(0) @Max(SECONDS_MAX) Long validAfter,
            @NotNull @Min(1) @Max(SECONDS_MAX) Long validBefore,
            @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{86}") String signature) {}

    @POST
    @Operation(
            summary = "Bring a signed authorisation",
            description = "201 when it is accepted now; 200 with Idempotency-Replayed: true when it was before")
    public Uni<RestResponse<AuthorisationView>> submit(@NotNull @Valid Signed signed) {
        Submission submission = submission(signed);
        Context context = vertx.getOrCreateContext();
        return acceptor.submit(submission)
                // the batch's thread answers many: each request goes on where it came from
                .emitOn(command -> context.runOnContext(ignored -> command.run()))
                .map(answer -> respond(submission, answer));
    }

    private Submission submission(Signed signed) {
        BigInteger nonce = new BigInteger(signed.nonce());
        if (nonce.bitLength() > NONCE_BITS) {
            throw CommonProblem.INVALID_REQUEST.with("nonce has more than 256 bits");
        }
        if (signed.validAfter() >= signed.validBefore()) {
            throw CommonProblem.INVALID_REQUEST.with("valid_after is not before valid_before");
        }
        if (!isCanonical(signed.signature())) {
            throw CommonProblem.INVALID_REQUEST.with("signature is not the base64url of 64 bytes");
        }
        PayAuthorisation pay = new PayAuthorisation(
                new Bytes32(signed.from()),
                signed.keyVersion(),
                new Bytes32(signed.to()),
                signed.amount(),
                new Bytes32(signed.billHash()),
                nonce,
                signed.validAfter(),
                signed.validBefore());
        return Submission.of(pay, signed.signature(), call.owner(), gate.ready().separator());
    }

    /** 86 characters carry four bits that no byte uses; they must be zero. */
    private static boolean isCanonical(String signature) {
        byte[] bytes = Base64.getUrlDecoder().decode(signature);
        return bytes.length == P256.SIGNATURE_BYTES
                && Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(signature);
    }

    private static RestResponse<AuthorisationView> respond(Submission submission, Acceptor.Answer answer) {
        return switch (answer.verdict()) {
            case Verdict.Accepted _ ->
                RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, first(submission, answer))
                        .location(location(submission))
                        .build();
            case Verdict.Replayed _ ->
                RestResponse.ResponseBuilder.ok(first(submission, answer))
                        .header("Idempotency-Replayed", "true")
                        .location(location(submission))
                        .build();
            case Verdict.Refused(Refusal why) -> {
                PaymentProblem problem = PaymentProblem.valueOf(why.name());
                throw problem.with(problem.meaning().when());
            }
        };
    }

    private static URI location(Submission submission) {
        return URI.create("/payment/authorisations/" + submission.id().hex());
    }

    /** The answer at acceptance, which a replay repeats; GET tells what became of it since. */
    private static AuthorisationView first(Submission submission, Acceptor.Answer answer) {
        PayAuthorisation pay = submission.pay();
        return new AuthorisationView(
                submission.id().hex(),
                "accepted",
                null,
                pay.from().hex(),
                pay.keyVersion(),
                pay.to().hex(),
                pay.amount(),
                pay.billHash().hex(),
                null,
                pay.nonce().toString(),
                pay.validAfter(),
                pay.validBefore(),
                answer.at(),
                null,
                null,
                null);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "What became of an authorisation of which the caller is payer or payee")
    public Uni<AuthorisationView> get(@Pattern(regexp = BYTES32) String id) {
        return authorisations.get(call.owner(), id).map(Transfer::view);
    }
}
