package city.madang.kit.problem;

/** Errors that every service may answer. */
public enum CommonProblem implements ProblemType {
    INVALID_REQUEST(
            "invalid-request", "The request is not valid", 400, "a member is missing, malformed or out of range"),
    UNAUTHENTICATED(
            "unauthenticated", "Sign in first", 401, "the access token is missing, expired or not for this API"),
    NOT_ALLOWED("not-allowed", "Not allowed", 403, "the caller is known but lacks the role for this operation"),
    NOT_FOUND("not-found", "Not found", 404, "there is no such object, or it is another caller's"),
    METHOD_NOT_ALLOWED(
            "method-not-allowed", "This method is not allowed here", 405, "the path exists, but not with this method"),
    NOT_ACCEPTABLE("not-acceptable", "No such representation", 406, "none of the accepted media types can be served"),
    CONFLICT("conflict", "In conflict with the present state", 409, "the object is not in a state that permits this"),
    TOO_LARGE("too-large", "Too large", 413, "the body exceeds the limit of this operation"),
    UNSUPPORTED_MEDIA_TYPE(
            "unsupported-media-type",
            "This media type is not taken",
            415,
            "the body is of a type that this operation does not take"),
    INTERNAL("internal", "Something went wrong here", 500, "a fault of this service; it has been logged"),
    UNAVAILABLE("unavailable", "Try again later", 503, "a part that this operation needs is not available");

    private final Meaning meaning;

    CommonProblem(String slug, String title, int status, String when) {
        this.meaning = new Meaning(slug, title, status, when);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
