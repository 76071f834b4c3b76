package city.madang.identity.issuance;

/** Examples of what stands at the well-known addresses, for the API's description. */
final class MetadataExamples {

    static final String ISSUER =
            """
            {"credential_issuer": "https://localhost:8443/identity",
             "authorization_servers": ["https://localhost:8443/identity"],
             "credential_endpoint": "https://localhost:8443/identity/credential",
             "nonce_endpoint": "https://localhost:8443/identity/nonce",
             "deferred_credential_endpoint": "https://localhost:8443/identity/deferred-credential",
             "notification_endpoint": "https://localhost:8443/identity/notification",
             "credential_request_encryption": {"jwks": {"keys": [{"kty": "EC", "use": "enc", "crv": "P-256", "alg": "ECDH-ES",
               "kid": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "x": "TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc",
               "y": "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ"}]},
               "enc_values_supported": ["A128GCM", "A256GCM"], "encryption_required": false},
             "credential_response_encryption": {"alg_values_supported": ["ECDH-ES"],
               "enc_values_supported": ["A128GCM", "A256GCM"], "zip_values_supported": ["DEF"], "encryption_required": false},
             "batch_credential_issuance": {"batch_size": 10},
             "display": [{"name": "City of Madang", "locale": "en"}],
             "credential_configurations_supported": {"residency": {"format": "dc+sd-jwt", "scope": "residency",
               "vct": "https://localhost:8443/identity/vct/residency",
               "cryptographic_binding_methods_supported": ["jwk", "did:jwk", "did:key"],
               "credential_signing_alg_values_supported": ["ES256"],
               "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]},
                 "attestation": {"proof_signing_alg_values_supported": ["ES256"]}},
               "credential_metadata": {"display": [{"name": "Proof of residence", "locale": "en"}],
                 "claims": [{"path": ["district"], "mandatory": false, "display": [{"name": "District", "locale": "en"}]}]}}}}""";

    static final String SIGNED_ISSUER =
            "eyJhbGciOiJFUzI1NiIsInR5cCI6Im9wZW5pZHZjaS1pc3N1ZXItbWV0YWRhdGErand0In0.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl";

    static final String JWT_VC_ISSUER =
            """
            {"issuer": "https://localhost:8443/identity", "jwks_uri": "https://localhost:8443/identity/jwks"}""";

    static final String KEYS =
            """
            {"keys": [{"kty": "EC", "crv": "P-256", "x": "TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc",
              "y": "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ", "kid": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
              "use": "sig", "alg": "ES256", "x5c": ["MIIB...", "MIIB..."]}]}""";

    static final String TYPE =
            """
            {"vct": "https://localhost:8443/identity/vct/residency", "name": "거주 증명",
             "display": [{"name": "Proof of residence", "locale": "en"}],
             "claims": [{"path": ["district"], "display": [{"label": "District", "locale": "en"}],
               "mandatory": false, "sd": "always"}]}""";

    private MetadataExamples() {}
}
