package city.madang.records;

import city.madang.kit.problem.CommonProblem;
import city.madang.records.verification.UploadLimit;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses long JSON by its announced length, before it is read: the server takes bodies as long as documents are.
 * What comes without a length is measured by {@link JsonBody}.
 */
public class JsonBodyLimit {

    /** Bytes; above the limit of every operation that takes JSON, each of which has its own. */
    static final int LONGEST = 256 * 1024;

    @ServerRequestFilter(preMatching = true)
    public void refuseLong(ContainerRequestContext request) {
        boolean upload = request.getUriInfo().getRequestUri().getPath().startsWith(BodyLimit.UPLOADS);
        if (!upload && !UploadLimit.isVerification(request) && request.getLength() > LONGEST) {
            throw CommonProblem.TOO_LARGE.with(
                    "a body may have " + LONGEST + " bytes unless it is a file to be verified");
        }
    }
}
