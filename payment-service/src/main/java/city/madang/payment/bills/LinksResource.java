package city.madang.payment.bills;

import city.madang.kit.caller.CurrentCaller;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.Cache;

/** Bills for whoever was given their link, and so may pay in the debtor's stead. */
@Path("/payment/links/{link}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class LinksResource {

    private final Bills bills;

    LinksResource(Bills bills) {
        this.bills = bills;
    }

    @GET
    @Cache(noStore = true)
    @Operation(summary = "What the bill of a payment link asks for; not whose it is")
    @APIResponse(responseCode = "200", content = @Content(examples = @ExampleObject(BillExamples.PAYABLE)))
    public Uni<PayableBill> get(@Pattern(regexp = PaymentLink.FORM) String link) {
        return bills.linked(link);
    }
}
