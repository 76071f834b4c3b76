package city.madang.identity.presentation;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.FormBody;
import city.madang.identity.jose.Malformed;
import city.madang.identity.problem.OpenIdError;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.keys.Keyring;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** {@code /identity/request/{id}}: the signed request object (RFC 9101, OpenID4VP 1.0 §5.10, HAIP 1.0 §5.1). */
@Path("/identity/request/{id}")
public class RequestResource {

    private static final String REQUEST_OBJECT = "application/oauth-authz-req+jwt";

    /** A wallet fetches the object right before it answers. */
    private static final Duration OBJECT_LIFETIME = Duration.ofMinutes(10);

    private static final int LONGEST_WALLET_NONCE = 200;

    private final Certificates certificates;
    private final Keyring keyring;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    RequestResource(
            Certificates certificates, Keyring keyring, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.certificates = certificates;
        this.keyring = keyring;
        this.sessions = sessions;
        this.settings = settings;
    }

    @GET
    @PermitAll
    @Operation(summary = "The signed request object, for the wallet that was given its address")
    public Uni<Response> get(@PathParam("id") UUID id) {
        return request(id, null);
    }

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(summary = "The signed request object, with the wallet's nonce in it")
    public Uni<Response> post(@PathParam("id") UUID id, @Nullable String body) {
        try {
            @Nullable String nonce = FormBody.parse(body == null ? "" : body).get("wallet_nonce");
            if (nonce != null && nonce.length() > LONGEST_WALLET_NONCE) {
                throw new Malformed("wallet_nonce is too long");
            }
            return request(id, nonce);
        } catch (Malformed malformed) {
            return Uni.createFrom()
                    .item(OpenIdError.badRequest("invalid_request", String.valueOf(malformed.getMessage()))
                            .toResponse());
        }
    }

    private record ToSign(AgencyCertificate verifier, Map<String, Object> payload) {}

    private Uni<Response> request(UUID id, @Nullable String walletNonce) {
        return sessions.withSession(session -> session.find(PresentationEntity.class, id)
                        .chain(found -> found == null || !found.isOpenAt(Instant.now())
                                ? Uni.createFrom().item(Optional.<ToSign>empty())
                                : certificates
                                        .get(session, found.certificate)
                                        .map(verifier ->
                                                Optional.of(new ToSign(verifier, payload(found, walletNonce))))))
                .chain(work -> work.isEmpty()
                        ? Uni.createFrom()
                                .item(OpenIdError.gone("there is no such request, or no longer")
                                        .toResponse())
                        : OffLoop.call(() -> sign(work.get())));
    }

    private Response sign(ToSign work) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("typ", "oauth-authz-req+jwt");
        header.put("x5c", work.verifier().x5c());
        String keyId = Purpose.VERIFIER.keyId(work.verifier().agency());
        return Response.ok(CompactJws.sign(header, work.payload(), input -> keyring.sign(keyId, input)))
                .type(REQUEST_OBJECT)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private Map<String, Object> payload(PresentationEntity presentation, @Nullable String walletNonce) {
        Instant now = Instant.now();
        Instant end = now.plus(OBJECT_LIFETIME);
        Instant expires = end.isBefore(presentation.expiresAt) ? end : presentation.expiresAt;
        @Nullable String encryptionKey = presentation.encryptionKey;
        if (encryptionKey == null) {
            throw new IllegalStateException("an open presentation has a key");
        }
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("iss", presentation.clientId);
        payload.put("aud", "https://self-issued.me/v2");
        payload.put("iat", now.getEpochSecond());
        payload.put("exp", expires.getEpochSecond());
        payload.put("client_id", presentation.clientId);
        payload.put("response_type", "vp_token");
        payload.put("response_mode", "direct_post.jwt");
        payload.put("response_uri", settings.issuer() + "/response/" + presentation.id);
        payload.put("nonce", presentation.nonce);
        payload.put("state", presentation.walletState);
        payload.put("dcql_query", presentation.dcqlJson());
        payload.put("client_metadata", clientMetadata(encryptionKey));
        if (walletNonce != null) {
            payload.put("wallet_nonce", walletNonce);
        }
        return payload;
    }

    private static Map<String, Object> clientMetadata(String encryptionKey) {
        return Map.of(
                "jwks",
                Map.of("keys", List.of(ResponseKey.publicJwk(encryptionKey))),
                "encrypted_response_enc_values_supported",
                List.of("A128GCM", "A256GCM"),
                "vp_formats_supported",
                Map.of(
                        "dc+sd-jwt",
                        Map.of("sd-jwt_alg_values", List.of("ES256"), "kb-jwt_alg_values", List.of("ES256"))));
    }
}
