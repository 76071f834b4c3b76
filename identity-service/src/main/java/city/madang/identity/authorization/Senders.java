package city.madang.identity.authorization;

import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.settings.IdentitySettings.Need;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sends a request to the PAR or the token endpoint, and which key it proves. All of it is read before any of it is
 * used up: a wallet that is told to put a nonce into one proof (RFC 9449 §8) may send the other again as it was.
 */
@ApplicationScoped
class Senders {

    private final Clients clients;
    private final Proofs proofs;
    private final IdentitySettings settings;

    Senders(Clients clients, Proofs proofs, IdentitySettings settings) {
        this.clients = clients;
        this.proofs = proofs;
        this.settings = settings;
    }

    /** The headers of a request that say who sends it. */
    record Headers(List<String> attestation, List<String> attestationProof, List<String> dpop) {}

    /** @param dpopJkt thumbprint of the key that the request proves, if it does */
    record Sender(Client client, @Nullable String dpopJkt) {}

    /**
     * The sender, whose proofs are used up.
     *
     * @param clientId the request's parameter
     * @param need whether an attestation must be shown
     * @param path of the endpoint, after the issuer's identifier
     */
    Uni<Sender> of(Headers headers, @Nullable String clientId, Need need, String path) {
        Clients.Shown client = clients.read(headers.attestation(), headers.attestationProof(), clientId, need);
        Optional<Proofs.Shown> key = proofs.read(headers.dpop(), settings.issuer() + path);
        return clients.use(client)
                .chain(known -> key.map(shown -> proofs.use(shown).map(jkt -> new Sender(known, jkt)))
                        .orElseGet(() -> Uni.createFrom().item(new Sender(known, null))));
    }
}
