package city.madang.identity.authorization;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.MultiMap;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Signs a citizen in at the city's OpenID provider, Keycloak: authorization code with PKCE, {@code state} and {@code nonce}, as a
 * confidential client (OpenID Connect Core 1.0 §3.1).
 */
@ApplicationScoped
class SignIn {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Whoever sends tokens with unknown keys must not make this service ask for keys all the time. */
    private static final Duration KEYS_AT_MOST_EVERY = Duration.ofSeconds(10);

    private static final int LARGEST_ANSWER = 256 * 1024;

    private final IdentitySettings settings;
    private final String keycloak;
    private final WebClient web;

    private volatile Known known = new Known(Map.of(), Instant.EPOCH);

    SignIn(IdentitySettings settings, @ConfigProperty(name = "madang.keycloak.url") String keycloak, Vertx vertx) {
        this.settings = settings;
        this.keycloak = keycloak;
        this.web = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setConnectTimeout((int) TIMEOUT.toMillis())
                        .setFollowRedirects(false)
                        .setUserAgentEnabled(false));
    }

    /** The provider's keys, by {@code kid}. */
    private record Known(Map<String, PublicJwk> keys, Instant at) {}

    /** The provider did not answer as it should. */
    static final class Unavailable extends RuntimeException {
        Unavailable(String what, @Nullable Throwable cause) {
            super(what, cause);
        }
    }

    /**
     * What ties one sign-in to one browser: computed of the browser's cookie, so that neither is in the database, and neither can be
     * had without the cookie.
     */
    record Binding(String cookie, UUID request) {
        String nonce() {
            return derived("nonce");
        }

        /** RFC 7636 §4.1. */
        String verifier() {
            return derived("verifier");
        }

        private String derived(String purpose) {
            return Base64Url.encode(
                    Sha256.of((purpose + ' ' + request + ' ' + cookie).getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public String toString() {
            return "Binding[" + request + "]";
        }
    }

    /** Identifier of the provider, as browsers and ID tokens know it. */
    String issuer() {
        return settings.origin() + "/auth/realms/madang";
    }

    /** Whether anybody can sign in at all. */
    boolean isConfigured() {
        return settings.signIn().clientSecret().isPresent();
    }

    private String callback() {
        return settings.issuer() + "/authorize/callback";
    }

    /** Where the browser signs in. @param acr levels to be reached, separated by a space */
    String address(Binding binding, String state, @Nullable String acr) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", settings.signIn().clientId());
        query.put("redirect_uri", callback());
        query.put("scope", "openid profile");
        query.put("state", state);
        query.put("nonce", binding.nonce());
        query.put(
                "code_challenge", Base64Url.encode(Sha256.of(binding.verifier().getBytes(StandardCharsets.US_ASCII))));
        query.put("code_challenge_method", "S256");
        if (acr != null) {
            query.put("acr_values", acr);
        }
        return issuer()
                + "/protocol/openid-connect/auth?"
                + query.entrySet().stream()
                        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
    }

    /** Exchanges the provider's code for what it says of the person. Fails with {@link Unavailable} or {@link Refusal}. */
    Uni<SignedIn> finish(String code, Binding binding) {
        MultiMap form = MultiMap.caseInsensitiveMultiMap()
                .add("grant_type", "authorization_code")
                .add("code", code)
                .add("redirect_uri", callback())
                .add("code_verifier", binding.verifier());
        return web.postAbs(keycloak + "/protocol/openid-connect/token")
                .timeout(TIMEOUT.toMillis())
                .basicAuthentication(
                        settings.signIn().clientId(),
                        settings.signIn().clientSecret().orElse(""))
                .sendForm(form)
                .onFailure()
                .transform(failure -> new Unavailable("the OpenID provider's token endpoint does not answer", failure))
                .map(SignIn::idToken)
                .chain(idToken -> keys(idToken).map(keys -> {
                    try {
                        return SignedIn.check(
                                idToken,
                                keys::get,
                                issuer(),
                                settings.signIn().clientId(),
                                binding.nonce(),
                                Instant.now());
                    } catch (Malformed malformed) {
                        throw Refusal.of("access_denied", "the sign-in failed: " + malformed.getMessage());
                    }
                }));
    }

    private static String idToken(HttpResponse<Buffer> response) {
        Map<String, @Nullable Object> json = json(response);
        if (response.statusCode() == 200 && json.get("id_token") instanceof String idToken) {
            return idToken;
        }
        if (response.statusCode() == 400) {
            throw Refusal.of("access_denied", "the sign-in failed");
        }
        throw new Unavailable("the OpenID provider's token endpoint answered " + response.statusCode(), null);
    }

    /** The provider's keys; asked for again if the ID token's is not among them. */
    private Uni<Map<String, PublicJwk>> keys(String idToken) {
        Known now = known;
        if (now.keys().containsKey(keyId(idToken))
                || now.at().isAfter(Instant.now().minus(KEYS_AT_MOST_EVERY))) {
            return Uni.createFrom().item(now.keys());
        }
        return web.getAbs(keycloak + "/protocol/openid-connect/certs")
                .timeout(TIMEOUT.toMillis())
                .send()
                .onFailure()
                .transform(failure -> new Unavailable("the OpenID provider's keys cannot be had", failure))
                .map(response -> {
                    Map<String, PublicJwk> keys = keys(response);
                    known = new Known(keys, Instant.now());
                    return keys;
                });
    }

    /** Which key the token says it is signed with; nothing else of it counts yet. */
    private static String keyId(String idToken) {
        try {
            byte[] header = Base64Url.decode(idToken.substring(0, Math.max(0, idToken.indexOf('.'))));
            return String.valueOf(StrictJson.object(new String(header, StandardCharsets.UTF_8))
                    .get("kid"));
        } catch (Malformed malformed) {
            return "";
        }
    }

    /** Keys of other kinds are for others. */
    private static Map<String, PublicJwk> keys(HttpResponse<Buffer> response) {
        Map<String, PublicJwk> keys = new HashMap<>();
        if (json(response).get("keys") instanceof List<?> all) {
            for (Object each : all) {
                if (each instanceof Map<?, ?> jwk
                        && jwk.get("kid") instanceof String kid
                        && !"enc".equals(jwk.get("use"))) {
                    try {
                        keys.put(kid, PublicJwk.parse(jwk));
                    } catch (Malformed otherKind) {
                        continue;
                    }
                }
            }
        }
        return keys;
    }

    private static Map<String, @Nullable Object> json(HttpResponse<Buffer> response) {
        Buffer body = response.body();
        try {
            return body == null || body.length() > LARGEST_ANSWER
                    ? Map.of()
                    : StrictJson.object(body.toString(StandardCharsets.UTF_8));
        } catch (Malformed malformed) {
            return Map.of();
        }
    }
}
