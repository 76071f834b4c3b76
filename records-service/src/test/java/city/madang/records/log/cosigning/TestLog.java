package city.madang.records.log.cosigning;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.tree.Growth;
import city.madang.tlog.tree.Nodes;
import city.madang.tlog.tree.Proofs;
import city.madang.tlog.tree.TileId;
import city.madang.tlog.witness.AddCheckpoint;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A log of somebody else: a key, and as many histories as it likes. */
public record TestLog(VerifierKey key, KeyPair pair, Map<TileId, byte[]> tiles) {

    public static final int SIZE = 700;

    public static TestLog make(String origin, String history) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new TestLog(VerifierKey.of(origin, VerifierKey.Kind.ED25519, pair.getPublic()), pair, Map.of())
                    .withHistory(history);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** The same key, other entries. */
    public TestLog withHistory(String history) {
        List<byte[]> entries = IntStream.range(0, SIZE)
                .mapToObj(i -> (history + i).getBytes(UTF_8))
                .toList();
        return new TestLog(key, pair, Growth.append(0, Map.of(), entries).changed());
    }

    public byte[] root(long size) {
        return Proofs.root(Nodes.in(tiles), size);
    }

    public SignedNote checkpoint(long size) {
        return new Checkpoint(key.name(), size, root(size)).signed(key, this::sign);
    }

    public AddCheckpoint grow(long older, long newer) {
        return new AddCheckpoint(older, Proofs.consistency(Nodes.in(tiles), older, newer), checkpoint(newer));
    }

    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
