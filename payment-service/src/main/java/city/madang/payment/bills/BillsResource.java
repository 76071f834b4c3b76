package city.madang.payment.bills;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Bills, for agencies that present them and citizens who pay them. */
@Path("/payment/bills")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class BillsResource {

    private static final String UUID_FORM = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final long AMOUNT_MAX = 1_000_000_000_000L;

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

    /** A bill to be presented. */
    public record Presenting(
            @NotNull @Pattern(regexp = UUID_FORM) String debtor,
            @NotNull @Min(1) @Max(AMOUNT_MAX) Long amount,
            @NotNull @Valid Text title,
            @Nullable Instant dueAt) {}

    /** A page of bills. */
    public record Page(List<BillView> items, @Nullable String next) {}

    @POST
    @RolesAllowed(CurrentCaller.AGENCY)
    @Operation(summary = "Present a bill to a citizen, payable to the caller's agency")
    public Uni<RestResponse<BillView>> present(@NotNull @Valid Presenting bill) {
        if (bill.dueAt() != null
                && (bill.dueAt().isBefore(Instant.EPOCH) || bill.dueAt().isAfter(DUE_MAX))) {
            throw CommonProblem.INVALID_REQUEST.with("due_at is not between 1970 and 9999");
        }
        return bills.present(new Bills.Claim(
                        caller.agency().agency(), bill.debtor(), bill.amount(), bill.title(), null, bill.dueAt()))
                .map(presented -> presented.orElseThrow(
                        () -> PaymentProblem.NO_RECEIVING_ACCOUNT.with("the agency is not registered here yet")))
                .map(view -> RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, view)
                        .location(URI.create("/payment/bills/" + view.id()))
                        .build());
    }

    @GET
    @Operation(summary = "Bills that the caller is to pay, or an agency to receive")
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
    public Uni<BillView> get(UUID id) {
        return bills.get(call.owner(), id);
    }
}
