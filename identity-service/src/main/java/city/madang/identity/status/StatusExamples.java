package city.madang.identity.status;

/** Examples for the OpenAPI document. */
final class StatusExamples {

    static final String AGGREGATION =
            """
            {"status_lists": ["https://localhost:8443/identity/status-lists/0b3a4f1e-6c0f-4f51-9a57-3f6f9b7f1a52"]}""";

    static final String LIST_JWT =
            "eyJhbGciOiJFUzI1NiIsInR5cCI6InN0YXR1c2xpc3Qrand0IiwieDVjIjpbIuKApiJdfQ.eyJzdWIiOiLigKYifQ.c2lnbmF0dXJl";

    static final String LIST_CWT =
            "18([<<{1: -7, 16: \"application/statuslist+cwt\", 33: [h'…', h'…']}>>, {}, h'…', h'…'])";

    static final String REVOKE =
            """
            {"status": "revoked", "reason": "entitlement_ended", "note": "moved away, see file 4711"}""";

    static final String SUSPEND = """
            {"status": "suspended", "reason": "under_review"}""";

    static final String RESUME = """
            {"status": "valid", "reason": "review_closed"}""";

    static final String LOST_WALLET = """
            {"status": "revoked", "reason": "wallet_lost"}""";

    static final String CREDENTIAL =
            """
            {"id": "6f2b1c54-9d0e-4c0b-8f4e-0f7a5d2f9b11", "credential_configuration_id": "residency",
             "holder": "9c1d6c3e-3f0f-4f0a-8a53-2f8f4a0c7f10", "format": "dc+sd-jwt", "copies": 10, "status": "revoked",
             "issued_at": "2026-03-02T09:30:00Z", "expires_at": "2027-03-03T00:00:00Z",
             "changes": [{"status": "revoked", "reason": "wallet_lost", "by": "citizen", "at": "2026-04-01T11:02:41Z"}]}""";

    static final String CREDENTIALS =
            """
            {"items": [{"id": "6f2b1c54-9d0e-4c0b-8f4e-0f7a5d2f9b11", "credential_configuration_id": "residency",
             "holder": "9c1d6c3e-3f0f-4f0a-8a53-2f8f4a0c7f10", "format": "dc+sd-jwt", "copies": 10, "status": "valid",
             "issued_at": "2026-03-02T09:30:00Z", "expires_at": "2027-03-03T00:00:00Z"}]}""";

    private StatusExamples() {}
}
