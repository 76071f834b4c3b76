package city.madang.records.anchoring;

import city.madang.contracts.AnchorContract;
import city.madang.contracts.AnchoredCheckpoint;
import city.madang.contracts.Bytes32;
import city.madang.contracts.Chain;
import city.madang.contracts.ChainSender;
import city.madang.contracts.Credentials;
import city.madang.records.RecordsConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/** The chain with the anchor contract. Blocking. */
@ApplicationScoped
public class AnchorChain {

    private static final String KEY_FILE = "records-anchor.hex";

    private final RecordsConfig.Chain config;
    private @Nullable Chain chain;
    private @Nullable ChainSender sender;

    AnchorChain(RecordsConfig config) {
        this.config = config.chain();
    }

    boolean isConfigured() {
        return config.rpcUrl().isPresent() && config.keysDir().isPresent();
    }

    /** The contract that an operator named; empty in development, where the service deploys it. */
    Optional<String> givenAddress() {
        return config.anchorAddress();
    }

    long chainId() {
        return sender().chain().chainId().longValueExact();
    }

    AnchorStore.Contract deploy() {
        if (!config.profile().equals("development")) {
            throw new IllegalStateException(
                    "madang.chain.anchor-address is not set, and contracts are deployed in development only");
        }
        AnchorContract deployed = AnchorContract.deploy(sender(), sender().address());
        return new AnchorStore.Contract(chainId(), deployed.address());
    }

    /**
     * The contract at the address.
     *
     * @throws city.madang.contracts.ChainException.WrongCode if it is not this version's
     */
    AnchorContract open(AnchorStore.Contract at) {
        if (at.chainId() != chainId()) {
            throw new IllegalStateException("the anchor contract is on chain " + at.chainId() + ", not " + chainId());
        }
        AnchorContract contract = new AnchorContract(sender().chain(), at.address());
        contract.requireSameCode();
        return contract;
    }

    /** What the contract holds of a log. */
    Optional<AnchoredCheckpoint> latest(AnchorContract contract, String originLine) {
        return contract.latest(AnchorContract.origin(originLine));
    }

    /**
     * Puts a checkpoint into the contract, registering the log first if it must be. Harmless when repeated.
     *
     * @param proof consistency proof from what the contract holds of the log
     */
    AnchorStore.Anchored anchor(
            AnchorContract contract, String agency, String originLine, long size, byte[] root, List<byte[]> proof) {
        Bytes32 origin = AnchorContract.origin(originLine);
        if (contract.publisherOf(origin).isEmpty()) {
            contract.register(sender(), origin, sender().address());
        }
        Bytes32 anchoredRoot = Bytes32.of(root);
        TransactionReceipt receipt = contract.anchor(
                sender(),
                origin,
                size,
                anchoredRoot,
                proof.stream().map(Bytes32::of).toList());
        return new AnchorStore.Anchored(
                agency,
                size,
                anchoredRoot,
                receipt.getTransactionHash(),
                receipt.getBlockNumber().longValueExact(),
                Optional.of(receipt.getGasUsed().longValueExact()),
                Instant.now().truncatedTo(ChronoUnit.MICROS));
    }

    private synchronized ChainSender sender() {
        if (sender == null) {
            Path keys = config.keysDir().orElseThrow();
            chain = Chain.connect(config.rpcUrl().orElseThrow());
            sender = new ChainSender(chain, Credentials.load(keys.resolve(KEY_FILE)));
        }
        return sender;
    }

    @PreDestroy
    synchronized void close() {
        if (chain != null) {
            chain.close();
        }
    }
}
