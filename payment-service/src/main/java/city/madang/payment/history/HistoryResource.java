package city.madang.payment.history;

import city.madang.kit.caller.CurrentCaller;
import city.madang.payment.accounts.OwnerOfCall;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** An account's history, for its owner. */
@Path("/payment/accounts/{id}/history")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class HistoryResource {

    private static final String EXAMPLE =
            """
            {"items": [{"authorisation": "0xb78c793850ec326dc6ff3b1df0ebb2bf964dc596610b3b1e48aeb56cd1a2f421", "direction": "out",
              "counterpart": "0x8f2d3c11aa0e9a550f6b5d1f4b0e8c2f1b0e5d1f4b0e9a550f6b8f2d3c11aa0e", "amount": 12000,
              "state": "settled", "bill": "5b1c2f6e-64a4-4a0e-8f4e-0a5a5a1f7c10", "accepted_at": "2026-11-25T12:00:00Z",
              "finished_at": "2026-11-25T12:00:02Z"}], "next": "1795608000000000.17"}""";

    private final History history;
    private final OwnerOfCall call;

    HistoryResource(History history, OwnerOfCall call) {
        this.history = history;
        this.call = call;
    }

    /** A page of payments, newest first. */
    public record Page(List<HistoryItem> items, @Nullable String next) {}

    @GET
    @Operation(summary = "What went out of an account and came in, newest first")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = Page.class), examples = @ExampleObject(EXAMPLE)))
    public Uni<Page> list(
            @Pattern(regexp = "0x[0-9a-f]{64}") String id,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @Nullable @Pattern(regexp = Cursor.FORM) String after) {
        return history.page(call.owner(), id, Optional.ofNullable(after).map(Cursor::parse), limit)
                .map(page ->
                        new Page(page.items(), page.next().map(Cursor::text).orElse(null)));
    }
}
