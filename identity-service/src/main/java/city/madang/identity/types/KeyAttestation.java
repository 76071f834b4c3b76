package city.madang.identity.types;

import java.util.List;

/**
 * What a key attestation must say about the keys that a credential is bound to (OpenID4VCI 1.0 §12.2.4
 * {@code key_attestations_required}, levels of appendix D.2). An attestation fits if it names at least one of the levels.
 *
 * @param keyStorage e.g. {@code iso_18045_high}; empty: any
 * @param userAuthentication likewise
 */
public record KeyAttestation(List<String> keyStorage, List<String> userAuthentication) {

    public KeyAttestation {
        keyStorage = List.copyOf(keyStorage);
        userAuthentication = List.copyOf(userAuthentication);
    }
}
