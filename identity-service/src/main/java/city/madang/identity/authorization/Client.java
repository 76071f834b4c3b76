package city.madang.identity.authorization;

import org.jspecify.annotations.Nullable;

/**
 * The wallet that calls.
 *
 * @param id its client id; absent for an anonymous one
 * @param name what its provider calls it
 * @param attestationJkt thumbprint of its attested key; absent if it showed no attestation
 */
record Client(@Nullable String id, @Nullable String name, @Nullable String attestationJkt) {

    boolean isAttested() {
        return attestationJkt != null;
    }
}
