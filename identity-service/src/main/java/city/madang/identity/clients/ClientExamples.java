package city.madang.identity.clients;

/** Examples in the OpenAPI document. */
final class ClientExamples {

    static final String NEW =
            """
            {"jwks": {"keys": [{"kty": "EC", "crv": "P-256", "kid": "2026-11", "use": "sig", "alg": "ES256",
              "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}}""";

    static final String ACTIVE =
            """
            {"client_id": "agency-transport", "state": "active",
             "token_endpoint": "https://localhost:8443/auth/realms/madang/protocol/openid-connect/token",
             "audience": "https://localhost:8443/auth/realms/madang",
             "jwks": {"keys": [{"kty": "EC", "crv": "P-256", "kid": "2026-11", "use": "sig", "alg": "ES256",
               "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]},
             "set_at": "2026-11-24T09:00:00Z"}""";

    static final String PENDING =
            """
            {"client_id": "agency-transport", "state": "pending",
             "token_endpoint": "https://localhost:8443/auth/realms/madang/protocol/openid-connect/token",
             "audience": "https://localhost:8443/auth/realms/madang", "jwks": {"keys": []},
             "problem": "the OpenID provider does not answer", "set_at": "2026-11-24T09:00:00Z"}""";

    private ClientExamples() {}
}
