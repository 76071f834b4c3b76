package city.madang.identity.offers;

/** Examples for the API's description. */
final class OfferExamples {

    static final String NEW = "{\"credential_configuration_id\": \"residency\","
            + " \"holder\": \"0b8c7a9e-2f51-4b7e-9f0c-0b6f0e6c2a11\","
            + " \"claims\": {\"street_address\": \"마당로 1\", \"district\": \"중구\"},"
            + " \"grants\": [\"authorization_code\", \"urn:ietf:params:oauth:grant-type:pre-authorized_code\"]}";

    static final String CREATED = "{\"id\": \"5e0a6b1c-9a3d-4a52-8f0b-2d8b8f4c7d10\"}";

    static final String OFFER = "{\"id\": \"5e0a6b1c-9a3d-4a52-8f0b-2d8b8f4c7d10\", \"state\": \"offered\","
            + " \"credential_configuration_id\": \"residency\","
            + " \"credential_offer_uri\": \"https://localhost:8443/identity/offer/5e0a6b1c-9a3d-4a52-8f0b-2d8b8f4c7d10\","
            + " \"credential_offer\": \"openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flocalhost%3A8443"
            + "%2Fidentity%2Foffer%2F5e0a6b1c-9a3d-4a52-8f0b-2d8b8f4c7d10\","
            + " \"credential_offer_by_value\": \"openid-credential-offer://?credential_offer=%7B%22credential_issuer%22...\","
            + " \"tx_code\": \"493536\", \"expires_at\": \"2026-12-01T09:00:00Z\"}";

    static final String PAGE = "{\"items\": [" + OFFER + "]}";

    static final String BY_REFERENCE = "{\"credential_issuer\": \"https://localhost:8443/identity\","
            + " \"credential_configuration_ids\": [\"residency\"], \"grants\": {"
            + "\"authorization_code\": {\"issuer_state\": \"XgprHJo9SlKPCy2Lj0x9EGqk0m1bR0pZb3l2mYc3H6xA\"},"
            + " \"urn:ietf:params:oauth:grant-type:pre-authorized_code\": {\"pre-authorized_code\":"
            + " \"XgprHJo9SlKPCy2Lj0x9EHgb3aQ0xV8e1qk0m1bR0pZb\", \"tx_code\": {\"input_mode\": \"numeric\","
            + " \"length\": 6, \"description\": \"Shown where the offer was announced\"}}}}";

    private OfferExamples() {}
}
