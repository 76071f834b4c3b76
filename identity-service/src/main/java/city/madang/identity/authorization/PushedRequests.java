package city.madang.identity.authorization;

import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.Sha256;
import city.madang.identity.offers.Redemption;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Keeps pushed authorization requests until a browser comes with their {@code request_uri} (RFC 9126). */
@ApplicationScoped
class PushedRequests {

    /** RFC 9126 §2.2. */
    static final String PREFIX = "urn:ietf:params:oauth:request_uri:";

    private final CredentialTypes types;
    private final Redemption redemption;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    PushedRequests(
            CredentialTypes types, Redemption redemption, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.types = types;
        this.redemption = redemption;
        this.sessions = sessions;
        this.settings = settings;
    }

    /**
     * Keeps a request.
     *
     * @param provenJkt the DPoP key that the request proved, if it did
     * @return its {@code request_uri}
     */
    Uni<String> keep(PushedRequest request, Client client, @Nullable String provenJkt) {
        String clientId = client.id();
        if (clientId == null) {
            throw Refusal.of("invalid_request", "client_id is missing");
        }
        mayReturnTo(client, clientId, request.redirectUri());
        if (provenJkt != null && request.dpopJkt() != null && !provenJkt.equals(request.dpopJkt())) {
            throw Refusal.of("invalid_dpop_proof", "dpop_jkt is not the proven key");
        }
        RequestEntity entity = new RequestEntity();
        entity.id = UUID.randomUUID();
        String reference = Secrets.next();
        entity.requestUriSha256 = Sha256.hex(PREFIX + reference);
        entity.clientId = clientId;
        entity.clientName = client.name();
        entity.redirectUri = request.redirectUri();
        entity.state = request.state();
        entity.codeChallenge = request.codeChallenge();
        entity.dpopJkt = provenJkt == null ? request.dpopJkt() : provenJkt;
        entity.attestationJkt = client.attestationJkt();
        entity.expiresAt = Instant.now().plus(settings.authorization().pushedRequestLifetime());
        entity.requestUriExpiresAt = entity.expiresAt;
        return sessions.withTransaction(session -> known(session, request)
                        .chain(asked -> offer(session, request, asked)
                                .invoke(offer -> entity.offer = offer)
                                .invoke(() -> {
                                    entity.credentials = AccessGrant.write(granted(request, asked));
                                    entity.acr = levels(asked);
                                }))
                        .chain(() -> session.persist(entity)))
                .replaceWith(PREFIX + reference);
    }

    /** A wallet that is registered is answered there and nowhere else; another one, if it is attested, where it says. */
    private void mayReturnTo(Client client, String clientId, String redirectUri) {
        IdentitySettings.PublicClient registered =
                settings.authorization().publicClients().get(clientId);
        if (registered == null && client.isAttested()) {
            return;
        }
        if (registered == null) {
            throw Refusal.client("the client is unknown");
        }
        if (!registered.redirectUris().contains(redirectUri)) {
            throw Refusal.of("invalid_request", "redirect_uri is not registered");
        }
    }

    /** The types that are asked for. Unknown scopes are ignored (OpenID4VCI 1.0 §5.1.2), unknown details are not. */
    private Uni<List<CredentialType>> known(Mutiny.Session session, PushedRequest request) {
        if (request.configurations().isEmpty()) {
            throw Refusal.of("invalid_scope", "scope or authorization_details must name a credential");
        }
        Uni<List<CredentialType>> found = Uni.createFrom().item(new ArrayList<>());
        for (String id : request.configurations()) {
            found = found.chain(types -> this.types.find(session, id).map(type -> {
                type.ifPresent(types::add);
                return types;
            }));
        }
        return found.invoke(all -> {
            List<String> ids = all.stream().map(CredentialType::id).toList();
            if (!ids.containsAll(request.details())) {
                throw Refusal.of(CredentialDetails.INVALID, "there is no such credential configuration");
            }
            if (all.isEmpty()) {
                throw Refusal.of("invalid_scope", "scope names no credential of this issuer");
            }
        });
    }

    /** The offer that the wallet was given, which must be open and for what is asked. */
    private Uni<@Nullable UUID> offer(Mutiny.Session session, PushedRequest request, List<CredentialType> asked) {
        String issuerState = request.issuerState();
        if (issuerState == null) {
            return Uni.createFrom().nullItem();
        }
        return redemption.open(session, issuerState).map(found -> {
            Redemption.Open offer =
                    found.orElseThrow(() -> Refusal.of("invalid_request", "issuer_state is unknown, used or expired"));
            if (asked.size() != 1 || !asked.getFirst().id().equals(offer.credentialType())) {
                throw Refusal.of("invalid_request", "the offer is not for this credential");
            }
            return offer.id();
        });
    }

    private static List<AccessGrant.Granted> granted(PushedRequest request, List<CredentialType> asked) {
        return asked.stream()
                .map(type -> new AccessGrant.Granted(type.id(), List.of()))
                .map(one -> request.details().contains(one.configuration()) ? one.identified() : one)
                .toList();
    }

    private static @Nullable String levels(List<CredentialType> asked) {
        String levels = asked.stream()
                .map(CredentialType::acr)
                .filter(Objects::nonNull)
                .distinct()
                .collect(Collectors.joining(" "));
        return levels.isEmpty() ? null : levels;
    }
}
