package city.madang.identity.issuance;

import city.madang.identity.settings.IdentitySettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;

/** Public documents that wallets and caches keep for a while, and ask for again by their hash (RFC 9111). */
@ApplicationScoped
public class Cacheable {

    private final IdentitySettings settings;

    Cacheable(IdentitySettings settings) {
        this.settings = settings;
    }

    /** The document, or 304 for who has it. */
    Response answer(Request request, MediaType type, String body, String etag) {
        EntityTag tag = new EntityTag(etag);
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return (unchanged == null ? Response.ok(body).type(type) : unchanged)
                .tag(tag)
                .header(
                        HttpHeaders.CACHE_CONTROL,
                        "public, max-age="
                                + settings.issuance().metadataCached().toSeconds())
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .build();
    }
}
