package city.madang.kit.caller;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/**
 * A line for each caller who is refused, because it is not known (401) or may not do this (403): who probes is seen (OWASP ASVS 5.0.0,
 * 16.3.1 and 16.3.2). It names the operation, the client and the agency of the token, and the request, under which the gateway's line is
 * found; never a person.
 */
public class Refusals {

    /** Category of the lines, so that they can be sent elsewhere. */
    public static final String CATEGORY = "madang.refused";

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    /** RFC 9449 §8: the server names its nonce; no wallet knows it before, and none is refused for good. */
    private static final String FIRST_ASK = "use_dpop_nonce";

    private static final Pattern REQUEST_ID = Pattern.compile("[0-9a-f-]{36}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Logger LOG = Logger.getLogger(CATEGORY);

    private final CurrentIdentityAssociation identity;

    Refusals(CurrentIdentityAssociation identity) {
        this.identity = identity;
    }

    @ServerResponseFilter
    public Uni<Void> note(
            ContainerRequestContext request,
            ContainerResponseContext response,
            @Nullable SimpleResourceInfo operation) {
        int status = response.getStatus();
        if (status != UNAUTHORIZED && status != FORBIDDEN || isFirstAsk(response)) {
            return Uni.createFrom().voidItem();
        }
        String what = operation == null || operation.getResourceClass() == null
                ? "-"
                : operation.getResourceClass().getSimpleName() + "." + operation.getMethodName();
        String id = matching(REQUEST_ID, request.getHeaderString("X-Request-Id"));
        // a token that is not good names nobody
        Uni<SecurityIdentity> caller = status == FORBIDDEN
                ? identity.getDeferredIdentity()
                : Uni.createFrom().nullItem();
        return caller.onFailure()
                .recoverWithNull()
                .invoke(who -> LOG.infof(
                        "%d %s client=%s agency=%s id=%s", status, what, claim(who, "azp"), claim(who, "agency"), id))
                .replaceWithVoid();
    }

    private static boolean isFirstAsk(ContainerResponseContext response) {
        String challenge = response.getHeaderString(HttpHeaders.WWW_AUTHENTICATE);
        return challenge != null && challenge.contains(FIRST_ASK);
    }

    private static String claim(@Nullable SecurityIdentity who, String name) {
        if (who != null && who.getPrincipal() instanceof JsonWebToken token) {
            return matching(NAME, token.getClaim(name));
        }
        return "-";
    }

    private static String matching(Pattern pattern, @Nullable String text) {
        return text != null && pattern.matcher(text).matches() ? text : "-";
    }
}
