package city.madang.identity.authorization;

/** Examples for the API's description. */
final class Examples {

    static final String CHALLENGE = "{\"attestation_challenge\": \"AAAAAWkkwHgb3aQ0xV8e1qk0m1bR0pZb3l2mYc3H6xA\"}";

    static final String METADATA =
            """
            {"issuer": "https://localhost:8443/identity",
             "authorization_endpoint": "https://localhost:8443/identity/authorize",
             "pushed_authorization_request_endpoint": "https://localhost:8443/identity/par",
             "require_pushed_authorization_requests": true,
             "token_endpoint": "https://localhost:8443/identity/token",
             "challenge_endpoint": "https://localhost:8443/identity/challenge",
             "jwks_uri": "https://localhost:8443/identity/jwks",
             "response_types_supported": ["code"], "response_modes_supported": ["query"],
             "grant_types_supported": ["authorization_code", "urn:ietf:params:oauth:grant-type:pre-authorized_code",
               "refresh_token"],
             "scopes_supported": ["citizen", "residency"], "code_challenge_methods_supported": ["S256"],
             "authorization_response_iss_parameter_supported": true,
             "authorization_details_types_supported": ["openid_credential"],
             "token_endpoint_auth_methods_supported": ["attest_jwt_client_auth"],
             "client_attestation_signing_alg_values_supported": ["ES256"],
             "client_attestation_pop_signing_alg_values_supported": ["ES256"],
             "dpop_signing_alg_values_supported": ["ES256"], "request_parameter_supported": false,
             "pre-authorized_grant_anonymous_access_supported": true, "ui_locales_supported": ["ko", "en"]}""";

    static final String INVALID_CLIENT =
            "{\"error\": \"invalid_client\", \"error_description\": \"a wallet attestation is needed\"}";

    static final String INVALID_REQUEST =
            "{\"error\": \"invalid_request\", \"error_description\": \"code_challenge_method must be S256\"}";

    static final String PUSHED_REQUEST = "response_type=code&client_id=https%3A%2F%2Fwallet.example.org"
            + "&redirect_uri=https%3A%2F%2Fwallet.example.org%2Fcb&state=af0ifjsldkj&scope=citizen"
            + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

    static final String CONSENT = "token=6esc_11ACC5bwc014ltc14eY22c&decision=allow";

    static final String PUSHED_ANSWER =
            "{\"request_uri\": \"urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c\", \"expires_in\": 60}";

    static final String PRE_AUTHORIZED_REQUEST =
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code"
                    + "&pre-authorized_code=SplxlOBeZQQYbYS6WxSbIA&tx_code=493536";

    static final String CODE_REQUEST = "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA"
            + "&redirect_uri=https%3A%2F%2Fwallet.example.org%2Fcb"
            + "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    static final String REFRESH_REQUEST = "grant_type=refresh_token&refresh_token=8xLOxBtZp8";

    static final String TOKENS = "{\"access_token\": \"eyJhbGciOiJSUzI1NiIsInR5cCI6Ikp\", \"token_type\": \"DPoP\","
            + " \"expires_in\": 300, \"refresh_token\": \"8xLOxBtZp8\", \"authorization_details\":"
            + " [{\"type\": \"openid_credential\", \"credential_configuration_id\": \"residency\","
            + " \"credential_identifiers\": [\"residency\"]}]}";

    static final String INVALID_GRANT =
            "{\"error\": \"invalid_grant\", \"error_description\": \"the transaction code is wrong\"}";

    private Examples() {}
}
