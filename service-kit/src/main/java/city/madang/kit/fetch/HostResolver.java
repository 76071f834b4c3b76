package city.madang.kit.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks a host's addresses up; blocking. */
@FunctionalInterface
public interface HostResolver {

    /** At least one. */
    List<InetAddress> addresses(String host) throws UnknownHostException;

    static HostResolver ofSystem() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
