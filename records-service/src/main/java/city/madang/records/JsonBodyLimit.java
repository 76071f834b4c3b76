package city.madang.records;

import city.madang.kit.problem.CommonProblem;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses long JSON by its announced length, before it is read: the server takes bodies as long as a PDF to be verified.
 * What comes without a length is measured by {@link JsonBody}.
 */
public class JsonBodyLimit {

    /** Bytes; above the limit of every operation that takes JSON, each of which has its own. */
    static final int LONGEST = 256 * 1024;

    @ServerRequestFilter(preMatching = true)
    public void refuseLong(ContainerRequestContext request) {
        @Nullable MediaType type = request.getMediaType();
        boolean document = HttpMethod.POST.equals(request.getMethod())
                && type != null
                && type.getSubtype().equals("pdf");
        if (!document && request.getLength() > LONGEST) {
            throw CommonProblem.TOO_LARGE.with("a body may have " + LONGEST + " bytes unless it is a PDF");
        }
    }
}
