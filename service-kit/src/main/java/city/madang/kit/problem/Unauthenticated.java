package city.madang.kit.problem;

import city.madang.kit.outage.Outage;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Answers 401 where no valid token came (RFC 6750 §3), and 503 where it can't be told whether it is valid. In place of the problem extension's own mappers, which read a field
 * of Quarkus that has another type by now and so answer 500.
 */
public class Unauthenticated {

    /** Before the extension's mappers: the lower number wins. */
    private static final int FIRST = 1;

    private static final int RETRY_AFTER_SECONDS = 1;

    @ServerExceptionMapper(value = UnauthorizedException.class, priority = FIRST)
    public Response noToken(UnauthorizedException refused) {
        return answer();
    }

    @ServerExceptionMapper(value = AuthenticationFailedException.class, priority = FIRST)
    public Response badToken(AuthenticationFailedException refused) {
        return Outage.isOne(refused) ? unchecked() : answer();
    }

    /** The keys of tokens can't be fetched: that says nothing against the token, and whoever is told 401 throws it away. */
    private static Response unchecked() {
        HttpProblem problem =
                CommonProblem.UNAVAILABLE.with("access tokens can't be checked at the moment; try again shortly");
        return Response.fromResponse(problem.toResponse())
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .build();
    }

    private static Response answer() {
        HttpProblem problem = CommonProblem.UNAUTHENTICATED.with("a valid access token is needed");
        return Response.fromResponse(problem.toResponse())
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build();
    }
}
