package city.madang.contracts;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.exceptions.ClientConnectionException;
import org.web3j.protocol.http.HttpService;

/** A node's JSON-RPC endpoint. Thread-safe. Every call blocks, at most for {@link #CALL_TIMEOUT}. */
public final class Chain implements AutoCloseable {

    /** The longest that one call to the node may take, connecting and reading included. */
    public static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    /** The longest that connecting to the node may take. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final Pattern REVERT_DATA = Pattern.compile("0x[0-9a-f]{8,}");

    /** JSON-RPC error code with which nodes answer a call that reverted. */
    private static final int REVERT_CODE = 3;

    private final OkHttpClient http;
    private final Web3j web3j;
    private final BigInteger chainId;

    private Chain(OkHttpClient http, Web3j web3j, BigInteger chainId) {
        this.http = http;
        this.web3j = web3j;
        this.chainId = chainId;
    }

    /**
     * Connects to a node and asks it for its chain's id.
     *
     * @throws ChainException.Unavailable when it does not answer
     */
    public static Chain connect(String rpcUrl) {
        OkHttpClient http = new OkHttpClient.Builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .readTimeout(CALL_TIMEOUT)
                .callTimeout(CALL_TIMEOUT)
                .followRedirects(false)
                .build();
        Web3j web3j = Web3j.build(new HttpService(rpcUrl, http));
        try {
            return new Chain(http, web3j, ask(web3j.ethChainId(), Map.of()).getChainId());
        } catch (ChainException e) {
            shutdown(web3j, http);
            throw e;
        }
    }

    /** The chain's id, part of every signed message. */
    public BigInteger chainId() {
        return chainId;
    }

    /** Number of the latest block. */
    public long blockNumber() {
        return ask(web3j.ethBlockNumber(), Map.of()).getBlockNumber().longValueExact();
    }

    /** The receipt of a transaction, empty while it is in no block. */
    public Optional<TransactionReceipt> receipt(String transactionHash) {
        Optional<? extends TransactionReceipt> receipt =
                ask(web3j.ethGetTransactionReceipt(transactionHash), Map.of()).getTransactionReceipt();
        return receipt.map(found -> found);
    }

    /**
     * Checks that an artifact's code, byte for byte, stands at an address.
     *
     * @throws ChainException.WrongCode when there is none, or other code
     */
    public void requireSameCode(String address, Artifact artifact) {
        String code = ask(web3j.ethGetCode(address, DefaultBlockParameterName.LATEST), Map.of())
                .getCode();
        if (code == null || code.length() <= 2) {
            throw new ChainException.WrongCode(
                    "chain " + chainId + " has no contract at " + address + ", expected " + artifact.contract());
        }
        if (!code.equalsIgnoreCase(artifact.deployedBytecode())) {
            throw new ChainException.WrongCode("the contract at " + address + " on chain " + chainId
                    + " is not this version's " + artifact.contract());
        }
    }

    /** Reads from a contract as the latest block left it; {@code 0x}-hex of what it returns. */
    String call(String contract, CallData data, Map<String, String> errors) {
        return call(contract, data, errors, DefaultBlockParameterName.LATEST);
    }

    /** Reads from a contract as a block left it; {@code 0x}-hex of what it returns. */
    String call(String contract, CallData data, Map<String, String> errors, DefaultBlockParameter block) {
        var call = Transaction.createEthCallTransaction(null, contract, data.encoded());
        return ask(web3j.ethCall(call, block), errors).getValue();
    }

    /** The header of a block that is there. */
    EthBlock.Block block(long number) {
        EthBlock.Block block = ask(
                        web3j.ethGetBlockByNumber(DefaultBlockParameter.valueOf(BigInteger.valueOf(number)), false),
                        Map.of())
                .getBlock();
        if (block == null) {
            throw new ChainException.Unavailable("the node has no block " + number);
        }
        return block;
    }

    /** Events of a contract up to a block, by their first topic. */
    List<Log> logs(String contract, String event, DefaultBlockParameter to) {
        var filter = new EthFilter(DefaultBlockParameterName.EARLIEST, to, contract);
        filter.addSingleTopic(event);
        return ask(web3j.ethGetLogs(filter), Map.of()).getLogs().stream()
                .map(result -> (Log) ((EthLog.LogObject) result).get())
                .toList();
    }

    /**
     * Runs code that creates a contract on what a block left, and changes nothing; {@code 0x}-hex of what would stand there, null where
     * the node tells none. It has the gas of a transaction, whatever a node gives to calls by itself.
     */
    @Nullable
    String create(CallData code, Map<String, String> errors, DefaultBlockParameter block) {
        var call =
                new Transaction(null, null, null, BigInteger.valueOf(ChainSender.GAS_MAX), null, null, code.encoded());
        return ask(web3j.ethCall(call, block), errors).getValue();
    }

    /** The hash of a block, empty when the chain has none of this number. */
    public Optional<String> blockHash(long number) {
        var block = ask(
                        web3j.ethGetBlockByNumber(DefaultBlockParameter.valueOf(BigInteger.valueOf(number)), false),
                        Map.of())
                .getBlock();
        return Optional.ofNullable(block).map(found -> found.getHash().toLowerCase(Locale.ROOT));
    }

    /** Events of a contract in all blocks, by their first topics. */
    List<Log> logs(String contract, String event, Bytes32 firstIndexed) {
        var filter = new EthFilter(DefaultBlockParameterName.EARLIEST, DefaultBlockParameterName.LATEST, contract);
        filter.addSingleTopic(event).addSingleTopic(firstIndexed.hex());
        return ask(web3j.ethGetLogs(filter), Map.of()).getLogs().stream()
                .map(result -> (Log) ((EthLog.LogObject) result).get())
                .toList();
    }

    Web3j web3j() {
        return web3j;
    }

    /** Sends a request, and turns each way to fail into its exception. */
    static <T extends Response<?>> T ask(Request<?, T> request, Map<String, String> errors) {
        T response = answer(request);
        Response.Error error = response.getError();
        if (error == null) {
            return response;
        }
        String message = String.valueOf(error.getMessage());
        if (error.getCode() == REVERT_CODE || message.contains("revert")) {
            throw new ChainException.Reverted(errorName(error.getData(), errors));
        }
        throw new ChainException.Unavailable("the node refused " + request.getMethod() + ": " + message);
    }

    /** Sends a request; an error that the node answers stays in the response. */
    static <T extends Response<?>> T answer(Request<?, T> request) {
        try {
            return request.send();
        } catch (IOException | ClientConnectionException e) {
            throw new ChainException.Unavailable("the node did not answer " + request.getMethod(), e);
        }
    }

    private static String errorName(String data, Map<String, String> errors) {
        Matcher matcher = REVERT_DATA.matcher(data == null ? "" : data);
        if (!matcher.find()) {
            return "revert";
        }
        String selector = matcher.group().substring(0, 10);
        return errors.getOrDefault(selector, selector);
    }

    @Override
    public void close() {
        shutdown(web3j, http);
    }

    private static void shutdown(Web3j web3j, OkHttpClient http) {
        web3j.shutdown();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
