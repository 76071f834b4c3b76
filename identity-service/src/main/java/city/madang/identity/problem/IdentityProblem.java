package city.madang.identity.problem;

import city.madang.kit.problem.ProblemType;

/** Errors that only this service answers. */
public enum IdentityProblem implements ProblemType {
    AGENCY_NOT_REGISTERED(
            "agency-not-registered",
            "The agency is not registered",
            409,
            "the caller's agency has no certificates yet; a registrar must register it first"),
    AGENCY_REVOKED(
            "agency-revoked",
            "The agency is revoked",
            403,
            "a registrar has revoked the agency: it issues nothing, asks nothing and changes nothing"),
    INVALID_SIGNING_REQUEST(
            "invalid-signing-request",
            "The signing request is not valid",
            400,
            "csr is no PKCS#10 request, is for a key that is not on P-256, or is not signed by that key"),
    KEY_TAKEN(
            "key-taken",
            "The key cannot be certified",
            409,
            "the key was certified before, for another agency or another purpose, or its certificate was revoked"),
    INVALID_CLIENT_KEYS(
            "invalid-client-keys",
            "The keys of the client are not valid",
            400,
            "jwks or what stands at jwks_uri is no set of one to ten public P-256 keys for ES256 with different kid"),
    INVALID_RIGHTS(
            "invalid-rights",
            "The rights are not valid",
            400,
            "issues or asks names a type, a claim path, a purpose or a legal basis that is missing or malformed"),
    CREDENTIAL_TYPE_TAKEN(
            "credential-type-taken",
            "Another agency owns this credential type",
            409,
            "the id, vct_name or doctype of a credential type belongs to another agency or another type"),
    TOO_MANY_CREDENTIAL_TYPES(
            "too-many-credential-types",
            "The agency has too many credential types",
            409,
            "another credential type of the agency would be one more than it may declare"),
    UNKNOWN_CREDENTIAL_TYPE(
            "unknown-credential-type",
            "The agency has no such credential type",
            400,
            "credential_configuration_id names no type that the caller's agency owns"),
    CLAIMS_DO_NOT_MATCH(
            "claims-do-not-match",
            "The claims are not those of the credential type",
            400,
            "an offer carries a claim that its type does not declare, or none at all"),
    INVALID_DCQL_QUERY(
            "invalid-dcql-query",
            "The DCQL query is not valid",
            400,
            "dcql_query is malformed, asks for an unsupported format, or exceeds a limit"),
    INVALID_TRANSACTION_DATA(
            "invalid-transaction-data",
            "The transaction data is not valid",
            400,
            "an object of transaction_data lacks a member, or no credential that is asked for can carry its signature"),
    OVER_ASKING(
            "over-asking",
            "The agency may not ask for this",
            403,
            "the trust list does not let the agency ask for a type or a claim of the query"),
    RESPONSE_CODE_NEEDED(
            "response-code-needed",
            "The browser has not brought the result's code back",
            403,
            "the request has a redirect_uri, and response_code is missing or not the one given to its browser"),
    PRESENTATION_PENDING(
            "presentation-pending", "Nothing has been presented yet", 409, "the holder has not answered the request"),
    RESULT_GONE(
            "result-gone",
            "The result is gone",
            410,
            "the disclosed claims were read once already, or were not fetched in time"),
    CREDENTIAL_REVOKED(
            "credential-revoked",
            "The credential is revoked",
            409,
            "a revoked credential is to be resumed or suspended; revocation is final"),
    STATUS_NOT_SUPPORTED(
            "status-not-supported",
            "The credential cannot have this status",
            409,
            "the credential is in no status list, or is to be suspended in a list with one bit for each credential"),
    STATUS_HISTORY_NOT_KEPT(
            "status-history-not-kept",
            "Only the present status is told",
            501,
            "a status list is asked for as it was at another time");

    private final Meaning meaning;

    IdentityProblem(String slug, String title, int status, String when) {
        this.meaning = new Meaning(slug, title, status, when);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
