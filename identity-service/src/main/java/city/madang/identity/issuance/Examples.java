package city.madang.identity.issuance;

/** Examples in the OpenAPI document. */
final class Examples {

    static final String CREDENTIAL_REQUEST =
            """
            {"credential_configuration_id": "residency", "proofs": {"jwt": ["eyJ0eXAiOiJvcGVuaWQ0dmNpLXByb29mK2p3dCJ9..."]}}""";

    static final String ATTESTED_REQUEST =
            """
            {"credential_identifier": "residency", "proofs": {"attestation": ["eyJ0eXAiOiJrZXktYXR0ZXN0YXRpb24rand0In0..."]}}""";

    static final String CREDENTIAL_RESPONSE =
            """
            {"credentials": [{"credential": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImRjK3NkLWp3dCJ9...~WyI...~"}],
             "notification_id": "7f4f5e0a-54a5-4a0c-9a55-2a3c5b1f8f0e"}""";

    static final String DEFERRED_RESPONSE =
            """
            {"transaction_id": "8xLOxBtZp8Y4H1p6rFzQ0A", "interval": 30}""";

    static final String ENCRYPTED_RESPONSE =
            "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImVwayI6ey4uLn19..aXY.Y2lwaGVydGV4dA.dGFn";

    static final String DEFERRED_REQUEST = """
            {"transaction_id": "8xLOxBtZp8Y4H1p6rFzQ0A"}""";

    static final String INVALID_NONCE =
            """
            {"error": "invalid_nonce", "error_description": "the nonce is unknown, used or expired"}""";

    static final String INVALID_TRANSACTION =
            """
            {"error": "invalid_transaction_id", "error_description": "the transaction id is unknown or used"}""";

    static final String INVALID_TOKEN =
            """
            {"error": "invalid_token", "error_description": "the token is unknown or expired"}""";

    static final String NOTIFICATION =
            """
            {"notification_id": "7f4f5e0a-54a5-4a0c-9a55-2a3c5b1f8f0e", "event": "credential_accepted"}""";

    static final String INVALID_NOTIFICATION =
            """
            {"error": "invalid_notification_id", "error_description": "there is no such issuance under this grant"}""";

    static final String NONCE = """
            {"c_nonce": "AAAAAWb3yFEwN2M4ZDQ1Yp7uJX0sQ2dHbWxkZmt2c2Q"}""";

    static final String PENDING =
            """
            {"items": [{"id": "0d7f9f60-3d0e-4a57-9d0b-6f0c3d1f6a11", "credential_configuration_id": "residency",
              "holder": "5a0c2f6e-1a53-4a5e-8f62-0a6b1f0c7b21", "state": "pending", "copies": 1,
              "created_at": "2026-11-24T09:00:00Z", "expires_at": "2026-12-24T09:00:00Z"}]}""";

    static final String CLAIMS =
            """
            {"claims": {"family_name": "Kim", "given_name": "Minji", "district": "Jung-gu"}}""";

    static final String REFUSAL = """
            {"reason": "not registered at this address"}""";

    private Examples() {}
}
