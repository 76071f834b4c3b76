package city.madang.identity.clients;

import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.MultiMap;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Brings a client at Keycloak to what it is to be, by Keycloak's admin API; doing it again changes nothing. */
@ApplicationScoped
class KeycloakClients {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** A token with less left than this is not used any more. */
    private static final Duration SPARE = Duration.ofSeconds(15);

    private static final String REALM = "/realms/";

    private final IdentitySettings settings;
    private final String tokens;
    private final String clients;
    private final WebClient web;
    private volatile @Nullable Token token;

    private record Token(String text, Instant until) {}

    KeycloakClients(
            IdentitySettings settings, @ConfigProperty(name = "madang.keycloak.url") String realm, Vertx vertx) {
        this.settings = settings;
        this.tokens = realm + "/protocol/openid-connect/token";
        int at = realm.lastIndexOf(REALM);
        this.clients = realm.substring(0, at) + "/admin" + realm.substring(at) + "/clients";
        this.web = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setConnectTimeout((int) TIMEOUT.toMillis())
                        .setFollowRedirects(false)
                        .setUserAgentEnabled(false));
    }

    /** Fails with {@link ProviderFailed}. */
    Uni<Void> apply(AgencyClient client) {
        return token().chain(bearer -> find(bearer, client)
                        .chain(id -> id == null ? create(bearer, client) : update(bearer, id, client)))
                .onFailure(failure -> !(failure instanceof ProviderFailed))
                .transform(failure -> new ProviderFailed("the OpenID provider does not answer"));
    }

    private Uni<String> token() {
        Token known = token;
        if (known != null && Instant.now().isBefore(known.until())) {
            return Uni.createFrom().item(known.text());
        }
        if (settings.registry().clientSecret().isEmpty()) {
            return Uni.createFrom().failure(new ProviderFailed("madang.registry.client-secret is not set"));
        }
        return web.postAbs(tokens)
                .timeout(TIMEOUT.toMillis())
                .basicAuthentication(
                        settings.registry().clientId(),
                        settings.registry().clientSecret().get())
                .sendForm(MultiMap.caseInsensitiveMultiMap().add("grant_type", "client_credentials"))
                .map(response -> {
                    if (response.statusCode() != 200) {
                        throw new ProviderFailed("the registry cannot sign in: " + response.statusCode());
                    }
                    JsonObject json = response.bodyAsJsonObject();
                    String text = json.getString("access_token");
                    token = new Token(
                            text,
                            Instant.now()
                                    .plusSeconds(json.getInteger("expires_in", 0))
                                    .minus(SPARE));
                    return text;
                });
    }

    /** Keycloak's id of the client, or null; fails if it is not the registry's. */
    private Uni<@Nullable String> find(String bearer, AgencyClient client) {
        return answer(web.getAbs(clients).addQueryParam("clientId", client.clientId()), bearer, null, 200)
                .map(response -> {
                    JsonArray found = response.bodyAsJsonArray();
                    if (found.isEmpty()) {
                        return null;
                    }
                    JsonObject present = found.getJsonObject(0);
                    JsonObject attributes = present.getJsonObject("attributes", new JsonObject());
                    if (!client.agency().equals(attributes.getString(ClientRepresentation.MARK))) {
                        throw new ProviderFailed("a client of this id exists that the registry has not made");
                    }
                    return present.getString("id");
                });
    }

    private Uni<Void> create(String bearer, AgencyClient client) {
        return answer(web.postAbs(clients), bearer, representation(client), 201).replaceWithVoid();
    }

    private Uni<Void> update(String bearer, String id, AgencyClient client) {
        return answer(
                        web.putAbs(clients + "/" + id),
                        bearer,
                        representation(client).put("id", id),
                        204)
                .replaceWithVoid();
    }

    private static JsonObject representation(AgencyClient client) {
        return new JsonObject(ClientRepresentation.of(client));
    }

    private Uni<HttpResponse<Buffer>> answer(
            HttpRequest<Buffer> request, String bearer, @Nullable JsonObject body, int expected) {
        HttpRequest<Buffer> prepared = request.timeout(TIMEOUT.toMillis()).bearerTokenAuthentication(bearer);
        return (body == null ? prepared.send() : prepared.sendJsonObject(body)).invoke(response -> {
            if (response.statusCode() == 401) {
                token = null;
            }
            if (response.statusCode() != expected) {
                throw new ProviderFailed("the OpenID provider answered " + response.statusCode());
            }
        });
    }
}
