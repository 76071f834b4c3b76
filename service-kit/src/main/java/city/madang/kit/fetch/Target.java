package city.madang.kit.fetch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An address that may be fetched as far as its text goes: https, a name and no number for the host, no user, no fragment, and
 * neither a well-known port of another protocol.
 *
 * @param host lower case
 * @param pathAndQuery for the request line
 */
record Target(URI uri, String host, int port, String pathAndQuery) {

    private static final int LONGEST = 2048;
    private static final int LONGEST_HOST = 253;
    private static final int HTTPS = 443;
    private static final int FIRST_UNPRIVILEGED = 1024;

    /**
     * Labels of letters, digits and hyphens, the last one beginning with a letter: so no spelling of an IPv4 address (decimal, hex,
     * octal, short) is a host, and no IPv6 address is.
     */
    private static final Pattern HOST =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

    static Target parse(String url) throws FetchFailed {
        if (url.length() > LONGEST) {
            throw refused("the address is too long");
        }
        try {
            return of(new URI(url));
        } catch (URISyntaxException broken) {
            throw refused("the address is malformed");
        }
    }

    /** Where a redirect leads (RFC 9110 §10.2.2). */
    Target redirected(String location) throws FetchFailed {
        if (location.length() > LONGEST) {
            throw refused("the address is too long");
        }
        try {
            return of(uri.resolve(new URI(location)));
        } catch (URISyntaxException broken) {
            throw refused("the redirect is malformed");
        }
    }

    private static Target of(URI uri) throws FetchFailed {
        if (!"https".equalsIgnoreCase(uri.getScheme()) || uri.isOpaque()) {
            throw refused("only https is fetched");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw refused("the address must have no user and no fragment");
        }
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        if (host.length() > LONGEST_HOST || !HOST.matcher(host).matches()) {
            throw refused("the host must be a name");
        }
        int port = uri.getPort() == -1 ? HTTPS : uri.getPort();
        if (port != HTTPS && (port < FIRST_UNPRIVILEGED || port > 65_535)) {
            throw refused("the port is not one of https");
        }
        if (!uri.toString().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw refused("the address must be ASCII");
        }
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new Target(uri, host, port, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    private static FetchFailed refused(String why) {
        return new FetchFailed(FetchFailed.Reason.REFUSED, why);
    }
}
