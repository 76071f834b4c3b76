package city.madang.identity.authorization;

/** Examples for the API's description. */
final class Examples {

    static final String CHALLENGE = "{\"attestation_challenge\": \"AAAAAWkkwHgb3aQ0xV8e1qk0m1bR0pZb3l2mYc3H6xA\"}";

    static final String PUSHED_REQUEST = "response_type=code&client_id=https%3A%2F%2Fwallet.example.org"
            + "&redirect_uri=https%3A%2F%2Fwallet.example.org%2Fcb&state=af0ifjsldkj&scope=citizen"
            + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

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
