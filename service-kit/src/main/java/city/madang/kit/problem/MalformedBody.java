package city.madang.kit.problem;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers a body that is JSON of another shape with a problem; the framework's own mapper answers with nothing. */
public class MalformedBody {

    @ServerExceptionMapper(MismatchedInputException.class)
    public Response malformed(MismatchedInputException mismatch) {
        return CommonProblem.INVALID_REQUEST
                .with("the body is not of the form that this operation takes")
                .toResponse();
    }
}
