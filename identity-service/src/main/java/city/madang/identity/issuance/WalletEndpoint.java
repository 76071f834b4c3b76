package city.madang.identity.issuance;

import city.madang.identity.authorization.AccessTokens;
import city.madang.identity.authorization.Unspent;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.problem.OpenIdError;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the endpoints for wallets have in common: the access token, and bodies that may be encrypted both ways. */
@Singleton
public class WalletEndpoint {

    static final String JWT = "application/jwt";

    private final AccessTokens tokens;
    private final RequestKeys keys;
    private final IdentitySettings settings;

    WalletEndpoint(AccessTokens tokens, RequestKeys keys, IdentitySettings settings) {
        this.tokens = tokens;
        this.keys = keys;
        this.settings = settings;
    }

    /** The headers of a request that say who asks. */
    record Credentials(@Nullable String authorization, List<String> dpop) {}

    private AccessTokens.Credentials at(String path, Credentials credentials) {
        return new AccessTokens.Credentials(
                credentials.authorization(), credentials.dpop(), HttpMethod.POST, settings.issuer() + path);
    }

    /**
     * Does the work once the request's proof is used up.
     *
     * @param path of the endpoint, after the issuer's identifier
     */
    Uni<Response> authorized(
            Credentials credentials, String path, Function<AccessTokens.Checked.Good, Uni<Response>> work) {
        return tokens.check(at(path, credentials)).chain(checked -> switch (checked) {
            case AccessTokens.Checked.Refused refused -> refused(refused.error());
            case AccessTokens.Checked.Good good -> work.apply(good);
        });
    }

    /**
     * Leaves it to the work to use up the request's proof.
     *
     * @param path of the endpoint, after the issuer's identifier
     */
    Uni<Response> unspent(Credentials credentials, String path, Function<Unspent, Uni<Response>> work) {
        return tokens.find(at(path, credentials)).chain(found -> switch (found) {
            case AccessTokens.Checked.Refused refused -> refused(refused.error());
            case Unspent access -> access.mustBeSpent(() -> work.apply(access));
        });
    }

    private static Uni<Response> refused(OpenIdError error) {
        return Uni.createFrom().item(error.toResponse());
    }

    /** What a body says, if it can be read. */
    sealed interface Read {
        /** @param json as it was meant, decrypted if need be */
        record Message(String json, boolean encrypted) implements Read {
            @Override
            public String toString() {
                return "Message";
            }
        }

        /** It cannot be decrypted. */
        record Bad(OpenIdError error) implements Read {}
    }

    Uni<Read> read(@Nullable String contentType, @Nullable String body) {
        String text = body == null ? "" : body;
        return contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith(JWT)
                ? Uni.createFrom().item(new Read.Message(text, false))
                : OffLoop.call(() -> decrypted(text));
    }

    private Read decrypted(String jwe) {
        try {
            return new Read.Message(MessageEncryption.decrypt(jwe, keys), true);
        } catch (Malformed refused) {
            return new Read.Bad(
                    OpenIdError.badRequest("invalid_encryption_parameters", String.valueOf(refused.getMessage())));
        }
    }

    /** The answer, encrypted if the wallet asked for that; errors never are (OpenID4VCI 1.0 §8.3.1.2). */
    Uni<Response> respond(Answer answer, MessageEncryption.@Nullable Recipient recipient) {
        return switch (answer) {
            case Answer.Refused refused -> refused(refused.error());
            case Answer.Issued issued -> respond(200, issued.json(), recipient);
            case Answer.Deferred deferred ->
                respond(
                        202,
                        StrictJson.write(new DeferredResponse(
                                deferred.transactionId(),
                                settings.issuance().deferredInterval().toSeconds())),
                        recipient);
        };
    }

    private static Uni<Response> respond(int status, String json, MessageEncryption.@Nullable Recipient recipient) {
        return recipient == null
                ? Uni.createFrom().item(response(status, MediaType.APPLICATION_JSON, json))
                : OffLoop.call(() -> response(status, JWT, recipient.encrypt(json)));
    }

    private static Response response(int status, String type, String body) {
        return Response.status(status)
                .type(type)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                // as bytes, which go out as they are: a text would go through the writer for JSON and its stream
                .entity(body.getBytes(StandardCharsets.UTF_8))
                .build();
    }
}
