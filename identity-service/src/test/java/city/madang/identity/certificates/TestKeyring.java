package city.madang.identity.certificates;

import city.madang.identity.mdoc.TestMdocs;
import city.madang.kit.keys.Keyring;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** P-256 keys in memory. */
final class TestKeyring implements Keyring {

    private final Map<String, KeyPair> keys = new ConcurrentHashMap<>();

    @Override
    public PublicKey createIfAbsent(String id, Algorithm algorithm) {
        return keys.computeIfAbsent(id, absent -> TestMdocs.newKey()).getPublic();
    }

    @Override
    public Optional<PublicKey> publicKey(String id) {
        return Optional.ofNullable(keys.get(id)).map(KeyPair::getPublic);
    }

    @Override
    public byte[] sign(String id, byte[] message) {
        return TestMdocs.signer(keys.get(id).getPrivate()).apply(message);
    }
}
