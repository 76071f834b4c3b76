package city.madang.identity.agencies;

/** Examples in the OpenAPI document. */
final class AgencyExamples {

    static final String REGISTRATION = """
            {"name": {"ko": "교통국", "en": "Transport Authority"}}""";

    static final String AGENCY =
            """
            {"id": "transport", "name": {"ko": "교통국", "en": "Transport Authority"},
             "did": "did:web:localhost%3A8443:identity:agencies:transport",
             "certificates": [{"purpose": "verifier", "x5c": ["MIIC…", "MIIB…"], "kid": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
               "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "key_holder": "service",
               "not_after": "2028-11-24T09:00:00Z"}]}""";

    static final String PAGE =
            """
            {"items": [{"id": "transport", "name": {"ko": "교통국", "en": "Transport Authority"},
             "did": "did:web:localhost%3A8443:identity:agencies:transport", "certificates": []}], "next": "transport"}""";

    static final String ROTATION =
            """
            {"purpose": "credential-issuer", "replaces": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}""";

    static final String CERTIFICATE =
            """
            {"purpose": "credential-issuer", "x5c": ["MIIC…", "MIIB…"], "kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
             "sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", "key_holder": "service",
             "not_after": "2028-11-24T09:00:00Z"}""";

    static final String SIGNING_REQUEST =
            """
            {"purpose": "credential-issuer",
             "csr": "-----BEGIN CERTIFICATE REQUEST-----\\nMIHt…\\n-----END CERTIFICATE REQUEST-----\\n"}""";

    static final String REASON =
            """
            {"reason": "key_compromised", "note": "reported by the agency's security office"}""";

    static final String REINSTATEMENT =
            """
            {"reason": "resolved", "note": "keys rotated, systems checked"}""";

    static final String REVOKED =
            """
            {"id": "transport", "name": {"ko": "교통국", "en": "Transport Authority"},
             "did": "did:web:localhost%3A8443:identity:agencies:transport", "certificates": [],
             "revoked": {"since": "2026-11-24T09:00:00Z", "reason": "key_compromised"}}""";

    static final String CHANGES =
            """
            {"items": [{"id": 12, "change": "key_rotated", "detail": "verifier cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
              "actor": "5d9c2b0e-50b0-4b51-9b55-3a8ad0a5b9d1", "by": "registrar", "at": "2026-11-24T09:00:00Z"}], "next": 12}""";

    static final String DID =
            """
            {"@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
             "id": "did:web:localhost%3A8443:identity:agencies:transport",
             "verificationMethod": [{
               "id": "did:web:localhost%3A8443:identity:agencies:transport#NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
               "type": "JsonWebKey2020", "controller": "did:web:localhost%3A8443:identity:agencies:transport",
               "publicKeyJwk": {"kty": "EC", "crv": "P-256", "x": "TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc",
                 "y": "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ", "alg": "ES256", "use": "sig",
                 "kid": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}}],
             "assertionMethod": ["did:web:localhost%3A8443:identity:agencies:transport#NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"],
             "authentication": ["did:web:localhost%3A8443:identity:agencies:transport#NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"]}""";

    private AgencyExamples() {}
}
