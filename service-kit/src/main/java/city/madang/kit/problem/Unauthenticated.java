package city.madang.kit.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Answers 401 where no valid token came (RFC 6750 §3). In place of the problem extension's own mappers, which read a field
 * of Quarkus that has another type by now and so answer 500.
 */
public class Unauthenticated {

    /** Before the extension's mappers: the lower number wins. */
    private static final int FIRST = 1;

    @ServerExceptionMapper(value = UnauthorizedException.class, priority = FIRST)
    public Response noToken(UnauthorizedException refused) {
        return answer();
    }

    @ServerExceptionMapper(value = AuthenticationFailedException.class, priority = FIRST)
    public Response badToken(AuthenticationFailedException refused) {
        return answer();
    }

    private static Response answer() {
        HttpProblem problem = CommonProblem.UNAUTHENTICATED.with("a valid access token is needed");
        return Response.fromResponse(problem.toResponse())
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build();
    }
}
