package city.madang.records.verification;

import city.madang.kit.problem.CommonProblem;
import city.madang.records.RecordsProblem;
import city.madang.verifier.Verifier;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses what is too long to be verified by its announced length, before it is read; and what announces none. */
public class UploadLimit {

    /** A file, its proof and the form around them. */
    private static final long LONGEST = Verifier.LONGEST + 1024L * 1024;

    @ServerRequestFilter(preMatching = true)
    public void refuseLong(ContainerRequestContext request) {
        if (!HttpMethod.POST.equals(request.getMethod()) || !isVerification(request)) {
            return;
        }
        if (request.getLength() < 0) {
            throw RecordsProblem.LENGTH_REQUIRED.with("a Content-Length is needed");
        }
        if (request.getLength() > LONGEST) {
            throw CommonProblem.TOO_LARGE.with("a file to be verified may have " + Verifier.LONGEST + " bytes");
        }
    }

    /** Whether the request sends a file to be verified. */
    public static boolean isVerification(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        return path.equals("/records/verify") || path.equals("/records/verify/");
    }
}
