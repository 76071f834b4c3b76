package city.madang.payment.receipts;

import com.nimbusds.jose.jwk.JWKSet;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The keys that verify receipts. */
@Path("/payment/jwks")
@Produces(MediaType.APPLICATION_JSON)
public class KeysResource {

    private final ReceiptSigner signer;

    KeysResource(ReceiptSigner signer) {
        this.signer = signer;
    }

    @GET
    @PermitAll
    @Blocking
    @Operation(summary = "The keys that verify receipts (RFC 7517)")
    public Map<String, Object> keys() {
        return new JWKSet(signer.publicKey()).toJSONObject();
    }
}
