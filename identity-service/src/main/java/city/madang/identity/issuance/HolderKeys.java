package city.madang.identity.issuance;

import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Sha256;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The keys that one issuance binds its copies to.
 *
 * @param sha256 the same for the same keys in any order
 */
record HolderKeys(List<PublicJwk> keys, String sha256) {

    /** As many of the proven keys as the type has copies in a batch: OpenID4VCI 1.0 §8.3 lets an issuer give fewer. */
    static HolderKeys of(List<PublicJwk> proven, int batchSize) {
        List<PublicJwk> keys = proven.subList(0, Math.min(batchSize, proven.size()));
        return new HolderKeys(
                List.copyOf(keys),
                Sha256.hex(keys.stream().map(PublicJwk::thumbprint).sorted().collect(Collectors.joining(" "))));
    }
}
