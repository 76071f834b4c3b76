package city.madang.gateway.problem;

/**
 * The catalogue of what the gateway refuses by itself. The type of each is {@code urn:madang:problem:<slug>}; a type is
 * never reused with another meaning.
 */
public enum Problem {
    /** The path is spelled in a way that two readers could understand differently, or is no path at all. */
    BAD_PATH(400, "bad-path", "The path is not acceptable"),
    /** The request is not well-formed HTTP, or names no single host. */
    BAD_REQUEST(400, "bad-request", "The request is not well-formed"),
    /** The access token is missing, expired, not for this API, or not the caller's; {@code WWW-Authenticate} says which. */
    UNAUTHENTICATED(401, "unauthenticated", "Sign in first"),
    /** Nothing is published under this path. */
    NOT_FOUND(404, "not-found", "Nothing is published here"),
    /** The path exists, but not for this method; the header {@code Allow} lists those that work. */
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "This method is not allowed here"),
    /** The caller stopped sending the body that it had announced. */
    REQUEST_TIMEOUT(408, "request-timeout", "The request did not arrive in time"),
    /** The body is larger than this route accepts. */
    BODY_TOO_LARGE(413, "body-too-large", "The body is too large"),
    /** The request line is longer than the gateway accepts. */
    URI_TOO_LONG(414, "uri-too-long", "The request line is too long"),
    /** The caller, the agency or all together ask too often; {@code Retry-After} says when to come back. */
    TOO_MANY_REQUESTS(429, "too-many-requests", "Too many requests"),
    /** The header fields together are larger than the gateway accepts. */
    HEADERS_TOO_LARGE(431, "headers-too-large", "The header fields are too large"),
    /** The gateway itself failed; the request id leads to the log entry. */
    INTERNAL_ERROR(500, "internal-error", "The gateway failed"),
    /** The service can't be reached, or hung up before it answered. */
    UPSTREAM_UNREACHABLE(502, "upstream-unreachable", "The service can't be reached"),
    /** As many requests as allowed are under way; {@code Retry-After} says when to come back. */
    OVERLOADED(503, "overloaded", "Too many requests are under way"),
    /** What is needed to check the request is not there: keys of tokens, or the shared counters of a route that fails closed. */
    UNCHECKED(503, "unchecked", "The request can't be checked at the moment"),
    /** The service failed so often that it is left alone for a moment; {@code Retry-After} says when to come back. */
    UPSTREAM_RESTING(503, "upstream-resting", "The service is left alone for a moment"),
    /** The service did not answer in time. What it does with the request is unknown. */
    UPSTREAM_TIMEOUT(504, "upstream-timeout", "The service did not answer in time"),
    /** HTTP/1.0 and older, which can carry neither a host nor a stream of unknown length. */
    VERSION_NOT_SUPPORTED(505, "http-version-not-supported", "This HTTP version is not supported");

    private final int status;
    private final String slug;
    private final String title;

    Problem(int status, String slug, String title) {
        this.status = status;
        this.slug = slug;
        this.title = title;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The stable identifier of this kind of problem. */
    public String type() {
        return "urn:madang:problem:" + slug;
    }

    /** A short English sentence, the same for every occurrence (RFC 9457, section 3.1.3). */
    public String title() {
        return title;
    }
}
