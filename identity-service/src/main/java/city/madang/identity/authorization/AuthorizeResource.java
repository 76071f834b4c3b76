package city.madang.identity.authorization;

import city.madang.identity.jose.FormBody;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Secrets;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code /identity/authorize}: the Authorization Endpoint (RFC 6749 §3.1, RFC 9126 §4, OpenID4VCI 1.0 clause 5), where the citizen's
 * browser comes and goes.
 */
@Path("/identity/authorize")
@PermitAll
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
public class AuthorizeResource {

    /**
     * Ties a sign-in to one browser, so that the address of somebody else's return is worth nothing. The prefix lets no other host set
     * it; {@code Lax}, because the citizen comes back from elsewhere.
     */
    static final String COOKIE = "__Host-madang-sign-in";

    private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=900";

    /** What {@link Secrets#next} makes. */
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final SignIns signIns;
    private final SignIn provider;
    private final Authorizations authorizations;

    AuthorizeResource(SignIns signIns, SignIn provider, Authorizations authorizations) {
        this.signIns = signIns;
        this.provider = provider;
        this.authorizations = authorizations;
    }

    @GET
    @Operation(summary = "Let a citizen sign in for a pushed authorization request")
    @APIResponse(responseCode = "302", description = "To the sign-in, or back to the wallet with an error")
    @APIResponse(responseCode = "400", description = "A page that says why: the request is unknown, used or expired")
    public Uni<Response> authorize(
            @QueryParam("client_id") @Nullable String clientId,
            @QueryParam("request_uri") @Nullable String requestUri,
            @CookieParam(COOKIE) @Nullable String cookie) {
        if (clientId == null || requestUri == null || !requestUri.startsWith(PushedRequests.PREFIX)) {
            return Uni.createFrom()
                    .item(Page.problem(
                            "지갑이 올바르지 않은 요청을 보냈습니다.",
                            "The wallet sent a request that is not valid: it must be pushed first."));
        }
        String browser = cookie != null && SECRET.matcher(cookie).matches() ? cookie : Secrets.next();
        return signIns.begin(requestUri, clientId, browser).map(begun -> switch (begun) {
            case SignIns.Begun.Away away ->
                Response.fromResponse(WalletAnswer.redirect(away.address()))
                        .header(HttpHeaders.SET_COOKIE, COOKIE + "=" + browser + ATTRIBUTES)
                        .build();
            case SignIns.Begun.Refused refused ->
                refused.answer().error(refused.why().error());
            case SignIns.Begun.Unknown unknown ->
                Page.problem(
                        "이 요청은 이미 사용되었거나 만료되었습니다. 지갑에서 다시 시작해 주세요.",
                        "This request was used already or has expired. Please start again in your wallet.");
        });
    }

    @GET
    @Path("callback")
    @Operation(summary = "Where the citizen comes back from the sign-in")
    @APIResponse(responseCode = "302", description = "Back to the wallet, with a code or an error, and iss")
    @APIResponse(
            responseCode = "200",
            description = "The page of consent, if the city has citizens asked",
            content = @Content(mediaType = MediaType.TEXT_HTML, schema = @Schema(implementation = String.class)))
    @APIResponse(responseCode = "400", description = "A page: the sign-in is over, or was begun in another browser")
    public Uni<Response> callback(
            @QueryParam("state") @Nullable String state,
            @QueryParam("code") @Nullable String code,
            @QueryParam("error") @Nullable String error,
            @QueryParam("iss") @Nullable String iss,
            @CookieParam(COOKIE) @Nullable String cookie) {
        if (state == null || cookie == null) {
            return Uni.createFrom().item(lost());
        }
        return signIns.returned(state, cookie).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(lost());
            }
            SignIns.Returned request = found.get();
            return signedIn(request, code, error, iss, cookie)
                    .chain(who -> authorizations.signedIn(request.id(), who))
                    .onFailure(SignIn.Unavailable.class)
                    .recoverWithUni(failure -> {
                        Log.error("a sign-in could not be completed", failure);
                        return authorizations.failed(
                                request.id(), Refusal.of("temporarily_unavailable", "the sign-in does not answer"));
                    })
                    .onFailure(Refusal.class)
                    .recoverWithUni(refusal -> authorizations.failed(request.id(), (Refusal) refusal))
                    .map(next -> answer(request.answer(), next));
        });
    }

    private Uni<SignedIn> signedIn(
            SignIns.Returned request,
            @Nullable String code,
            @Nullable String error,
            @Nullable String iss,
            String cookie) {
        if (iss != null && !iss.equals(provider.issuer())) {
            return Uni.createFrom().failure(Refusal.of("access_denied", "the sign-in is of another provider"));
        }
        if (code == null) {
            boolean busy = "temporarily_unavailable".equals(error) || "server_error".equals(error);
            return Uni.createFrom()
                    .failure(
                            busy
                                    ? Refusal.of("temporarily_unavailable", "the sign-in is out of order")
                                    : Refusal.of("access_denied", "the citizen did not sign in"));
        }
        return provider.finish(code, new SignIn.Binding(cookie, request.id()));
    }

    @POST
    @Path("consent")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(summary = "The citizen's answer on the page of consent")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                            examples = @ExampleObject(name = "allowed", value = Examples.CONSENT)))
    @APIResponse(responseCode = "303", description = "Back to the wallet, with a code or an error, and iss")
    @APIResponse(responseCode = "400", description = "A page: the question was answered before, or in another browser")
    public Uni<Response> consent(@CookieParam(COOKIE) @Nullable String cookie, @Nullable String body) {
        Map<String, String> form;
        try {
            form = FormBody.parse(body == null ? "" : body);
        } catch (Malformed malformed) {
            return Uni.createFrom().item(lost());
        }
        String token = form.get("token");
        if (token == null) {
            return Uni.createFrom().item(lost());
        }
        return signIns.decided(token, cookie).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(lost());
            }
            SignIns.Returned request = found.get();
            return authorizations
                    .decided(request.id(), "allow".equals(form.get("decision")))
                    .map(next -> WalletAnswer.afterForm(answer(request.answer(), next)));
        });
    }

    private static Response answer(WalletAnswer wallet, Authorizations.Next next) {
        return switch (next) {
            case Authorizations.Next.Code code -> wallet.code(code.code());
            case Authorizations.Next.No no -> wallet.error(no.why().error());
            case Authorizations.Next.Ask ask -> Page.consent(ask.wallet(), ask.items(), ask.token());
        };
    }

    /** Not told apart: unknown, used, expired, or begun in another browser. */
    private static Response lost() {
        return Page.problem(
                "이 로그인은 이 브라우저에서 시작되지 않았거나 이미 끝났습니다.",
                "This sign-in was not begun in this browser, or is over already.");
    }
}
