package city.madang.journey.evidence;

import dev.sigstore.rekor.client.Checkpoints;
import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.rekor.client.RekorParseException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint64;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.http.HttpService;
import org.web3j.utils.Numeric;

/** The checkpoint in the anchor contract, read from a chain node by Web3j without asking the city. */
public final class ChainAnchor {

    private static final String WHAT = "anchor on the chain";

    private ChainAnchor() {}

    /** Whether the contract holds exactly the proof's checkpoint root for the log's origin and size. */
    public static Finding check(String proofFile, URI chain, String contract) {
        Web3j web3j = Web3j.build(new HttpService(chain.toString()));
        try {
            RekorEntry.Checkpoint checkpoint =
                    Checkpoints.from(LogProof.parse(proofFile).checkpoint());
            Function rootAt = new Function(
                    "rootAt",
                    List.of(new Bytes32(sha256(checkpoint.getOrigin())), new Uint64(checkpoint.getSize())),
                    List.of(new TypeReference<Bytes32>() {}));
            String answer = web3j.ethCall(
                            Transaction.createEthCallTransaction(null, contract, FunctionEncoder.encode(rootAt)),
                            DefaultBlockParameterName.LATEST)
                    .send()
                    .getValue();
            byte[] anchored = Numeric.hexStringToByteArray(answer);
            byte[] claimed = Base64.getDecoder().decode(checkpoint.getBase64Hash());
            return Arrays.equals(anchored, claimed)
                    ? Finding.proven(WHAT, "size " + checkpoint.getSize() + " in contract " + contract)
                    : Finding.refused(WHAT, "the chain holds another root for size " + checkpoint.getSize());
        } catch (IOException | RekorParseException | RuntimeException refused) {
            return Finding.refused(WHAT, String.valueOf(refused.getMessage()));
        } finally {
            web3j.shutdown();
        }
    }

    private static byte[] sha256(String origin) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
