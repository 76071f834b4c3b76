package city.madang.gateway.exchange;

import city.madang.gateway.tokens.ClientCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection.
 *
 * @param address of the caller, as a trusted proxy in front says or else as the socket does
 * @param certificate with which the caller proved itself; null on the public entry
 * @param agencies whether the connection came by the entry for agencies
 */
public record Peer(String address, @Nullable ClientCertificate certificate, boolean agencies) {}
