package city.madang.identity.presentation;

import city.madang.identity.jose.FormBody;
import city.madang.identity.jose.Malformed;
import city.madang.identity.problem.OpenIdError;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code POST /identity/response/{id}}: the Response Endpoint for {@code direct_post.jwt} (OpenID4VP 1.0 §8.2, §8.3.1). */
@Path("/identity/response/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class ResponseResource {

    private final Answers answers;

    ResponseResource(Answers answers) {
        this.answers = answers;
    }

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(summary = "A wallet's encrypted answer to a request")
    public Uni<Response> post(@PathParam("id") UUID id, @Nullable String body) {
        Map<String, String> form;
        try {
            form = FormBody.parse(body == null ? "" : body);
        } catch (Malformed malformed) {
            return Uni.createFrom().item(refused(String.valueOf(malformed.getMessage())));
        }
        @Nullable String response = form.get("response");
        if (response == null && !form.containsKey("error")) {
            return Uni.createFrom().item(refused("response is missing"));
        }
        Uni<Answers.Outcome> outcome =
                response == null ? answers.decline(id, form.get("state")) : answers.take(id, response);
        return outcome.map(became -> switch (became) {
            case Answers.Outcome.Taken taken ->
                Response.ok(Map.of())
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build();
            case Answers.Outcome.Closed closed -> refused("the request is unknown, expired or was answered before");
            case Answers.Outcome.Refused refused -> refused(refused.why());
        });
    }

    private static Response refused(String why) {
        return OpenIdError.badRequest("invalid_request", why).toResponse();
    }
}
