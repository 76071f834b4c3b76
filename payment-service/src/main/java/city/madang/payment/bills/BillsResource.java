package city.madang.payment.bills;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.problems.AmountInRequest;
import city.madang.payment.requests.AnsweredRequests;
import city.madang.payment.requests.ClientKey;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Bills, for agencies that present them and citizens who pay them. */
@Path("/payment/bills")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class BillsResource {

    private static final String UUID_FORM = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** Bills that one request presents. */
    private static final int BILLS_MAX = 100;

    /** Far beyond any bill, within what the database can keep. */
    private static final Instant DUE_MAX = Instant.parse("9999-12-31T00:00:00Z");

    private final Bills bills;
    private final OwnerOfCall call;
    private final CurrentCaller caller;

    BillsResource(Bills bills, OwnerOfCall call, CurrentCaller caller) {
        this.bills = bills;
        this.call = call;
        this.caller = caller;
    }

    /** A bill to be presented; {@code partial}: whether it may be paid in instalments. */
    public record Presenting(
            @NotNull @Pattern(regexp = UUID_FORM) String debtor,
            @NotNull BigInteger amount,
            @Nullable @Size(max = 3) String currency,
            @NotNull @Valid Text title,
            @Nullable Instant dueAt,
            @Nullable Boolean partial) {

        Bills.Claim claim(String agency) {
            if (dueAt != null && (dueAt.isBefore(Instant.EPOCH) || dueAt.isAfter(DUE_MAX))) {
                throw CommonProblem.INVALID_REQUEST.with("due_at is not between 1970 and 9999");
            }
            return new Bills.Claim(
                    agency,
                    debtor,
                    AmountInRequest.won(amount, currency),
                    title,
                    null,
                    dueAt,
                    Boolean.TRUE.equals(partial));
        }
    }

    /** Bills to be presented together. */
    public record Many(@NotNull @Size(min = 1, max = BILLS_MAX) List<@NotNull @Valid Presenting> bills) {}

    /** Bills that stand now, in the order of the request. */
    public record Presented(List<BillView> bills) {}

    /** A page of bills. */
    public record Page(List<BillView> items, @Nullable String next) {}

    @POST
    @RolesAllowed(CurrentCaller.AGENCY)
    @Operation(
            summary = "Present a bill to a citizen, payable to the caller's agency",
            description =
                    "With an Idempotency-Key, a repetition answers 200 with Idempotency-Replayed: true and the bill as"
                            + " it stands.")
    @RequestBody(content = @Content(examples = @ExampleObject(BillExamples.PRESENTING)))
    @APIResponse(
            responseCode = "200",
            description = "taken before; with Idempotency-Replayed: true",
            content =
                    @Content(
                            schema = @Schema(implementation = BillView.class),
                            examples = @ExampleObject(BillExamples.BILL)))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = BillView.class),
                            examples = @ExampleObject(BillExamples.BILL)))
    public Uni<RestResponse<BillView>> present(
            @HeaderParam(ClientKey.HEADER) @Nullable String key, @NotNull @Valid Presenting bill) {
        return present(ClientKey.optional(key), "present-bill", List.of(bill)).map(presented -> {
            BillView view = presented.bills().getFirst();
            return answer(presented, view)
                    .location(URI.create("/payment/bills/" + view.id()))
                    .build();
        });
    }

    @POST
    @Path("/batch")
    @RolesAllowed(CurrentCaller.AGENCY)
    @Operation(
            summary = "Present up to 100 bills, all or none",
            description = "Needs an Idempotency-Key: a repetition presents nothing and answers 200 with"
                    + " Idempotency-Replayed: true and the bills as they stand.")
    @RequestBody(content = @Content(examples = @ExampleObject(BillExamples.MANY)))
    @APIResponse(
            responseCode = "200",
            description = "taken before; with Idempotency-Replayed: true",
            content =
                    @Content(
                            schema = @Schema(implementation = Presented.class),
                            examples = @ExampleObject(BillExamples.BILLS)))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = Presented.class),
                            examples = @ExampleObject(BillExamples.BILLS)))
    public Uni<RestResponse<Presented>> presentMany(
            @HeaderParam(ClientKey.HEADER) @Nullable String key, @NotNull @Valid Many many) {
        return present(Optional.of(ClientKey.required(key)), "present-bills", many.bills())
                .map(presented ->
                        answer(presented, new Presented(presented.bills())).build());
    }

    private Uni<Bills.Presented> present(Optional<String> key, String operation, List<Presenting> asked) {
        String agency = caller.agency().agency();
        AnsweredRequests.@Nullable Request request = key.map(text -> new AnsweredRequests.Request(
                        Owner.agency(agency), operation, text, AnsweredRequests.fingerprint(asked.toString())))
                .orElse(null);
        return bills.present(
                agency, asked.stream().map(bill -> bill.claim(agency)).toList(), request);
    }

    private static <T> RestResponse.ResponseBuilder<T> answer(Bills.Presented presented, T body) {
        return presented.replayed()
                ? RestResponse.ResponseBuilder.ok(body).header(ClientKey.REPLAYED, "true")
                : RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, body);
    }

    @POST
    @Path("/{id}/cancellation")
    @RolesAllowed(CurrentCaller.AGENCY)
    @Operation(
            summary = "Withdraw a bill of the caller's agency",
            description = "409 bill-payment-counted once a payment is accepted; repeating it changes nothing.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = BillView.class),
                            examples = @ExampleObject(BillExamples.BILL)))
    public Uni<BillView> cancel(UUID id) {
        return bills.cancel(caller.agency().agency(), id);
    }

    @GET
    @Operation(summary = "Bills that the caller is to pay, or an agency to receive")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = Page.class),
                            examples = @ExampleObject(BillExamples.PAGE)))
    public Uni<Page> list(
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @Nullable @Pattern(regexp = UUID_FORM) String after) {
        return bills.list(call.owner(), after == null ? null : UUID.fromString(after), limit)
                .map(items -> new Page(
                        items, items.size() < limit ? null : items.getLast().id()));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "A bill that the caller is to pay or to receive")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = BillView.class),
                            examples = @ExampleObject(BillExamples.BILL)))
    public Uni<BillView> get(UUID id) {
        return bills.get(call.owner(), id);
    }

    @GET
    @Path("/{id}/qr")
    @Produces("image/svg+xml")
    @Operation(summary = "The bill's payment link as a QR code")
    public Uni<String> qr(UUID id) {
        return bills.get(call.owner(), id).map(bill -> PaymentLink.svg(bill.link()));
    }
}
