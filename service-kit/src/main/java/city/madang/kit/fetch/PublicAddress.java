package city.madang.kit.fetch;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** Tells addresses of the public Internet from all others (IANA special-purpose address registries, RFC 6890). */
final class PublicAddress {

    /** @param bits of the prefix */
    private record Range(byte[] prefix, int bits) {

        static Range of(String cidr) {
            String[] parts = cidr.split("/", -1);
            try {
                // literals only: nothing is looked up
                return new Range(InetAddress.getByName(parts[0]).getAddress(), Integer.parseInt(parts[1]));
            } catch (java.net.UnknownHostException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        boolean holds(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >>> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Range> NOT_PUBLIC_IPV4 = List.of(
            Range.of("0.0.0.0/8"),
            Range.of("10.0.0.0/8"),
            Range.of("100.64.0.0/10"),
            Range.of("127.0.0.0/8"),
            Range.of("169.254.0.0/16"),
            Range.of("172.16.0.0/12"),
            Range.of("192.0.0.0/24"),
            Range.of("192.0.2.0/24"),
            Range.of("192.88.99.0/24"),
            Range.of("192.168.0.0/16"),
            Range.of("198.18.0.0/15"),
            Range.of("198.51.100.0/24"),
            Range.of("203.0.113.0/24"),
            Range.of("224.0.0.0/3"));

    /** Global unicast is here; all else (loopback, mapped, NAT64, unique local, link-local, multicast) is not public. */
    private static final Range GLOBAL_UNICAST = Range.of("2000::/3");

    /** Teredo and 6to4 hold IPv4 addresses inside; the others are for protocols, benchmarks and documents. */
    private static final List<Range> NOT_PUBLIC_IPV6 =
            List.of(Range.of("2001::/23"), Range.of("2001:db8::/32"), Range.of("2002::/16"), Range.of("3fff::/20"));

    private PublicAddress() {}

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? NOT_PUBLIC_IPV4.stream().noneMatch(range -> range.holds(bytes))
                : GLOBAL_UNICAST.holds(bytes) && NOT_PUBLIC_IPV6.stream().noneMatch(range -> range.holds(bytes));
    }
}
