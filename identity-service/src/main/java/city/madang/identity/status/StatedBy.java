package city.madang.identity.status;

import city.madang.identity.jose.Malformed;
import java.nio.ByteBuffer;
import java.util.Set;

/** What another issuer's list says of each of its credentials. */
sealed interface StatedBy {

    /** Bytes in memory, roughly. */
    int weight();

    /** @throws Malformed if the reference is not into such a list, or there is no such entry */
    CredentialStatus of(StatusReference reference) throws Malformed;

    /** A Token Status List. */
    record Values(StatusArray array) implements StatedBy {
        @Override
        public int weight() {
            return array.length();
        }

        @Override
        public CredentialStatus of(StatusReference reference) throws Malformed {
            if (reference instanceof StatusReference.Entry entry) {
                return CredentialStatus.of(array.get(entry.index()));
            }
            throw new Malformed("the list has values, not identifiers");
        }
    }

    /** All that are revoked, by their identifiers; whatever is not among them is valid. */
    record Identifiers(Set<ByteBuffer> revoked) implements StatedBy {

        private static final int BYTES_EACH = 160;

        @Override
        public int weight() {
            return revoked.size() * BYTES_EACH;
        }

        @Override
        public CredentialStatus of(StatusReference reference) throws Malformed {
            if (reference instanceof StatusReference.Identifier identifier) {
                return revoked.contains(identifier.id()) ? CredentialStatus.INVALID : CredentialStatus.VALID;
            }
            throw new Malformed("the list has identifiers, not values");
        }
    }
}
