package city.madang.identity.presentation;

/** Examples in the OpenAPI document. */
final class PresentationExamples {

    static final String NEW =
            """
            {"dcql_query": {"credentials": [{
               "id": "residency", "format": "dc+sd-jwt",
               "meta": {"vct_values": ["https://localhost:8443/identity/vct/residency"]},
               "claims": [{"path": ["district"]}]}]}}""";

    static final String NEW_SAME_DEVICE =
            """
            {"dcql_query": {"credentials": [
               {"id": "citizen", "format": "mso_mdoc", "meta": {"doctype_value": "city.madang.citizen.1"},
                "claims": [{"path": ["city.madang.citizen.1", "family_name"], "intent_to_retain": false}]},
               {"id": "residency", "format": "dc+sd-jwt",
                "meta": {"vct_values": ["https://localhost:8443/identity/vct/residency"]},
                "claims": [{"path": ["district"], "values": ["중구"]}]}],
               "credential_sets": [{"options": [["residency"], ["citizen"]]}]},
             "client_id_prefix": "x509_hash", "response_mode": "direct_post.jwt",
             "transaction_data": [{"type": "city.madang.consent", "credential_ids": ["residency"], "text": "주차증 신청"}],
             "redirect_uri": "https://transport.example/parking/return", "expires_in": 300}""";

    static final String CREATED =
            """
            {"id": "0b0f5f0e-8f2e-4bd3-9c06-3f7c1f1b5a55", "state": "requested",
             "request_uri": "https://localhost:8443/identity/request/0b0f5f0e-8f2e-4bd3-9c06-3f7c1f1b5a55",
             "authorization_request": "openid4vp://?client_id=x509_hash%3A…&request_uri=https%3A%2F%2F…&request_uri_method=post",
             "haip_authorization_request": "haip-vp://?client_id=x509_hash%3A…&request_uri=https%3A%2F%2F…&request_uri_method=post",
             "page_uri": "https://localhost:8443/identity/present/0b0f5f0e-8f2e-4bd3-9c06-3f7c1f1b5a55",
             "qr_uri": "https://localhost:8443/identity/presentations/0b0f5f0e-8f2e-4bd3-9c06-3f7c1f1b5a55/qr",
             "expires_at": "2026-11-24T09:10:00Z"}""";

    static final String FAILED =
            """
            {"id": "0b0f5f0e-8f2e-4bd3-9c06-3f7c1f1b5a55", "state": "requested",
             "request_uri": "https://localhost:8443/identity/request/0b0f5f0e-8f2e-4bd3-9c06-3f7c1f1b5a55",
             "authorization_request": "openid4vp://?…", "haip_authorization_request": "haip-vp://?…",
             "page_uri": "https://localhost:8443/identity/present/0b0f5f0e-8f2e-4bd3-9c06-3f7c1f1b5a55",
             "expires_at": "2026-11-24T09:10:00Z",
             "failure": {"step": "status", "reason": "the credential is suspended", "at": "2026-11-24T09:01:12Z"}}""";

    static final String RESULT =
            """
            {"id": "0b0f5f0e-8f2e-4bd3-9c06-3f7c1f1b5a55", "credentials": {"residency": {"district": "중구"}}}""";

    static final String ENCRYPTED = "response=eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSIsImtpZCI6Ii4uLiJ9..…";

    static final String DECLINED = "error=access_denied&state=Qm9…";

    static final String TAKEN =
            """
            {"redirect_uri": "https://transport.example/parking/return#response_code=Zk3p9sXr1bQ"}""";

    static final String REFUSED =
            """
            {"error": "invalid_request", "error_description": "the key binding is for another nonce"}""";

    static final String REQUEST_POST = "wallet_nonce=qPmxiNFCR3QTm19POc8u";

    static final String PROBLEM = "application/problem+json";

    static final String INVALID_QUERY =
            """
            {"type": "urn:madang:problem:invalid-dcql-query", "title": "The DCQL query is not valid", "status": 400,
             "detail": "credentials must be an array of 1 to 10"}""";

    static final String OVER_ASKING =
            """
            {"type": "urn:madang:problem:over-asking", "title": "The agency may not ask for this", "status": 403,
             "detail": "family_name of residency"}""";

    static final String NOT_REGISTERED =
            """
            {"type": "urn:madang:problem:agency-not-registered", "title": "The agency is not registered", "status": 409,
             "detail": "a registrar has not registered this agency"}""";

    static final String NOT_FOUND =
            """
            {"type": "urn:madang:problem:not-found", "title": "Not found", "status": 404,
             "detail": "there is no such presentation"}""";

    static final String CODE_NEEDED =
            """
            {"type": "urn:madang:problem:response-code-needed", "title": "The browser has not brought the result's code back",
             "status": 403, "detail": "response_code is missing or not the one that the browser brought back"}""";

    static final String PENDING =
            """
            {"type": "urn:madang:problem:presentation-pending", "title": "Nothing has been presented yet", "status": 409,
             "detail": "the holder has not answered yet"}""";

    static final String GONE =
            """
            {"type": "urn:madang:problem:result-gone", "title": "The result is gone", "status": 410,
             "detail": "read before, declined or expired"}""";

    static final String NO_SUCH_REQUEST =
            """
            {"error": "invalid_request", "error_description": "there is no such request, or no longer"}""";

    static final String BAD_METADATA =
            """
            {"error": "invalid_request", "error_description": "request objects are signed with ES256 alone"}""";

    static final String REQUEST_OBJECT =
            "eyJhbGciOiJFUzI1NiIsInR5cCI6Im9hdXRoLWF1dGh6LXJlcStqd3QiLCJ4NWMiOlsi4oCmIl19.eyJjbGllbnRfaWQiOiLigKYifQ.c2lnbmF0dXJl";

    static final String STATE = """
            {"state": "requested"}""";

    static final String PAGE = "<!doctype html><html lang=\"ko\"><head>…</head><body>…</body></html>";

    static final String SVG = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 57 57\">…</svg>";

    private PresentationExamples() {}
}
