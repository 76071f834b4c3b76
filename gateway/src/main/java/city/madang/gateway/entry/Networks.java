package city.madang.gateway.entry;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Networks of proxies in front of the gateway whose word about callers is taken. */
final class Networks {

    private final List<IpSubnetFilterRule> rules;

    /** @param networks such as {@code 10.0.0.0/8} or {@code fd00::/8} */
    Networks(List<String> networks) {
        rules = networks.stream().map(Networks::rule).toList();
    }

    /** Whether an address is in one of them; false for what is no address. */
    boolean holds(String address) {
        if (rules.isEmpty()) {
            return false;
        }
        InetAddress read = read(address);
        return read != null && rules.stream().anyMatch(rule -> rule.matches(new InetSocketAddress(read, 0)));
    }

    /**
     * The address of a caller: of the socket or, if that is a trusted proxy's, the last one in {@code X-Forwarded-For} that is not. What stands
     * further left was said by the caller.
     *
     * @param forwarded all fields {@code X-Forwarded-For}, in their order
     */
    String caller(String socket, List<String> forwarded) {
        if (rules.isEmpty() || !holds(socket)) {
            return socket;
        }
        String[] named = String.join(",", forwarded).split(",", -1);
        String caller = socket;
        for (int i = named.length - 1; i >= 0; i--) {
            InetAddress address = read(named[i].strip());
            if (address == null) {
                return caller;
            }
            caller = address.getHostAddress();
            if (!holds(caller)) {
                return caller;
            }
        }
        return caller;
    }

    private static IpSubnetFilterRule rule(String network) {
        int slash = network.indexOf('/');
        if (slash < 0 || read(network.substring(0, slash)) == null) {
            throw new IllegalArgumentException(network + " is no network such as 10.0.0.0/8");
        }
        return new IpSubnetFilterRule(
                network.substring(0, slash), Integer.parseInt(network.substring(slash + 1)), IpFilterRuleType.ACCEPT);
    }

    /** Reads literals alone: a name must never be looked up. */
    private static @Nullable InetAddress read(String literal) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
        if (bytes == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            return null;
        }
    }
}
