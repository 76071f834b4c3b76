package city.madang.identity.authorization;

import jakarta.ws.rs.container.ContainerResponseContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Adds {@code DPoP-Nonce} to the answers of resources with {@link OffersDpopNonce}. */
public class DpopNonceFilter {

    private final DpopNonces nonces;

    DpopNonceFilter(DpopNonces nonces) {
        this.nonces = nonces;
    }

    @OffersDpopNonce
    @ServerResponseFilter
    public void add(ContainerResponseContext response) {
        response.getHeaders().putSingle(DpopProof.NONCE_HEADER, nonces.next());
    }
}
