package city.madang.gateway;

import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that opens connections to a port of this machine from many of its addresses, says nothing on them, says how many it has, and then, when all
 * were closed at the other end. A process of its own, since one may not hold both ends of ten thousand connections.
 */
final class IdleConnections {

    private static final int FROM_ONE_ADDRESS = 100;

    private IdleConnections() {}

    /** Arguments: port, number of connections. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int wanted = Integer.parseInt(arguments[1]);
        List<SocketChannel> open = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            int address = i / FROM_ONE_ADDRESS;
            SocketChannel one = SocketChannel.open();
            one.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            one.bind(new InetSocketAddress("127.0.1." + (1 + address), 0));
            one.connect(new InetSocketAddress("127.0.0.1", port));
            open.add(one);
        }
        System.out.println("open " + open.size());
        ByteBuffer one = ByteBuffer.allocate(1);
        int closed = 0;
        for (SocketChannel each : open) {
            try {
                closed += each.read(one) < 0 ? 1 : 0;
            } catch (java.io.IOException reset) {
                closed++;
            }
        }
        System.out.println("closed " + closed);
    }
}
