package city.madang.identity.authorization;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.ServerNonces;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.settings.IdentitySettings.Need;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out which wallet calls the PAR and the token endpoint. */
@ApplicationScoped
class Clients {

    private final WalletProviders providers;
    private final ServerNonces nonces;
    private final UsedOnce usedOnce;
    private final IdentitySettings settings;

    Clients(WalletProviders providers, ServerNonces nonces, UsedOnce usedOnce, IdentitySettings settings) {
        this.providers = providers;
        this.nonces = nonces;
        this.usedOnce = usedOnce;
        this.settings = settings;
    }

    /** A challenge for the next proof of an attestation. */
    String challenge() {
        return nonces.next(
                ServerNonces.Purpose.CLIENT_ATTESTATION,
                settings.authorization().nonceLifetime());
    }

    /**
     * A wallet that says who it is, rightly as far as that can be told without having remembered anything.
     *
     * @param proof of the attested key, to be used up; null without an attestation
     */
    record Shown(Client client, UsedOnce.@Nullable Thing proof) {}

    /**
     * Reads what a request says of its wallet; uses nothing up.
     *
     * @param clientId the request's parameter
     * @param need whether it must show an attestation; one that it shows must be right in any case
     */
    Shown read(List<String> attestations, List<String> proofs, @Nullable String clientId, Need need) {
        if (attestations.isEmpty() && proofs.isEmpty()) {
            if (need == Need.REQUIRED) {
                throw Refusal.client("a wallet attestation is needed");
            }
            return new Shown(new Client(clientId, null, null), null);
        }
        Instant now = Instant.now();
        WalletAttestation wallet;
        try {
            wallet = WalletAttestation.check(attestations, proofs, providers, settings.issuer(), now);
        } catch (Malformed malformed) {
            throw Refusal.client(String.valueOf(malformed.getMessage()));
        }
        if (clientId != null && !clientId.equals(wallet.clientId())) {
            throw Refusal.client("client_id is not the attested client");
        }
        Instant from = wallet.issuedAt();
        Instant until = from.plusSeconds(WalletAttestation.OLDEST_SECONDS);
        if (wallet.challenge() != null || settings.authorization().attestationChallenge() == Need.REQUIRED) {
            Optional<Instant> good = Optional.ofNullable(wallet.challenge())
                    .flatMap(given -> nonces.expiry(ServerNonces.Purpose.CLIENT_ATTESTATION, given));
            if (good.isEmpty()) {
                throw challengeNeeded();
            }
            Duration lifetime = settings.authorization().nonceLifetime();
            from = good.get().minus(lifetime);
            until = good.get();
        }
        return new Shown(
                new Client(wallet.clientId(), wallet.name(), wallet.jkt()),
                new UsedOnce.Thing(wallet.onceSha256(), from, until));
    }

    /** The wallet, whose proof is used up now. */
    Uni<Client> use(Shown shown) {
        UsedOnce.Thing proof = shown.proof();
        if (proof == null) {
            return Uni.createFrom().item(shown.client());
        }
        return usedOnce.use(proof).map(use -> switch (use) {
            case FIRST -> shown.client();
            case AGAIN -> throw Refusal.client("the proof of the attested key was used before");
            case FORGOTTEN -> throw challengeNeeded();
        });
    }

    private static Refusal challengeNeeded() {
        return Refusal.of("use_attestation_challenge", "the proof must hold a challenge from here");
    }
}
