package city.madang.identity.presentation;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.identity.problem.OpenIdError;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /identity/response/{id}}: the Response Endpoint for {@code direct_post} and {@code direct_post.jwt} (OpenID4VP 1.0
 * §8.2, §8.3.1).
 */
@Path("/identity/response/{id}")
public class ResponseResource {

    private final Answers answers;

    ResponseResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * The answer (OpenID4VP 1.0 §8.2).
     *
     * @param redirectUri where the wallet sends the browser; absent if it stays with the wallet
     */
    @RegisterForReflection // in an answer that does not name it
    @Schema(name = "AuthorizationResponseTaken", additionalProperties = Schema.True.class)
    record Taken(@Nullable @Schema(format = "uri") String redirectUri) {}

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(
            summary = "A wallet's answer to a request: response (encrypted), vp_token with state, or error with state")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                            examples = {
                                @ExampleObject(name = "direct_post.jwt", value = PresentationExamples.ENCRYPTED),
                                @ExampleObject(name = "declined", value = PresentationExamples.DECLINED)
                            }))
    @APIResponse(
            responseCode = "200",
            description = "Taken; where there is a redirect_uri, the wallet sends the browser there",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Taken.class),
                            examples = @ExampleObject(name = "taken", value = PresentationExamples.TAKEN)))
    @APIResponse(
            responseCode = "400",
            description = "Refused; unless it was answered or has expired, the request stays open",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "refused", value = PresentationExamples.REFUSED)))
    public Uni<Response> post(@PathParam("id") UUID id, @Nullable String body) {
        Submission submission;
        try {
            submission = Submission.parse(body == null ? "" : body);
        } catch (Malformed malformed) {
            return Uni.createFrom().item(refused(String.valueOf(malformed.getMessage())));
        }
        return answers.take(id, submission, Sha256.hex(body == null ? "" : body))
                .map(became -> switch (became) {
                    case Answers.Outcome.Taken taken -> taken(taken.redirectUri());
                    case Answers.Outcome.Closed closed ->
                        refused(
                                closed.isRepeat()
                                        ? "the request was answered before, with this very answer"
                                        : "the request is unknown, expired or was answered before");
                    case Answers.Outcome.Refused refused -> refused(refused.why());
                });
    }

    /** JSON whatever Accept says: not every wallet says that it takes it (§8.2). */
    private static Response taken(@Nullable String redirectUri) {
        return Response.ok(new Taken(redirectUri))
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private static Response refused(String why) {
        return OpenIdError.badRequest("invalid_request", why).toResponse();
    }
}
