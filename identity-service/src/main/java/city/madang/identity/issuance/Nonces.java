package city.madang.identity.issuance;

import city.madang.identity.jose.ServerNonces;
import city.madang.identity.jose.Sha256;
import city.madang.identity.settings.IdentitySettings;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Nonces for key proofs (OpenID4VCI 1.0 clause 7): each is good once, and not for long. */
@Singleton
public class Nonces {

    private final ServerNonces nonces;
    private final IdentitySettings settings;

    Nonces(ServerNonces nonces, IdentitySettings settings) {
        this.nonces = nonces;
        this.settings = settings;
    }

    String create() {
        return nonces.next(ServerNonces.Purpose.KEY_PROOF, settings.offer().nonceLifetime());
    }

    /** The nonce as it is to be noted when it is used; empty if it is not one of ours, or has expired. */
    Optional<Issuances.Right.Nonce> check(String nonce) {
        return nonces.expiry(ServerNonces.Purpose.KEY_PROOF, nonce)
                .map(expiry -> new Issuances.Right.Nonce(Sha256.hex(nonce), expiry));
    }
}
