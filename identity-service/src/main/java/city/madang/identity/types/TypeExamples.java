package city.madang.identity.types;

/** Examples for the API's description. */
final class TypeExamples {

    static final String SHORT =
            """
            {"vct_name": "library-card", "display": {"ko": "도서관 회원증", "en": "Library card"},
             "claims": [{"name": "card_number", "label": {"ko": "회원 번호", "en": "Card number"}}], "validity_days": 365}""";

    static final String LONG =
            """
            {"format": "mso_mdoc", "doctype": "city.madang.library.1",
             "display": [{"name": "도서관 회원증", "locale": "ko"},
               {"name": "Library card", "locale": "en", "description": "Lets its holder borrow.", "background_color": "#1f6f4a",
                "text_color": "#ffffff", "logo": {"uri": "https://library.example/logo.svg", "alt_text": "An open book"}}],
             "claims": [{"path": ["city.madang.library.1", "card_number"], "mandatory": true,
               "display": [{"name": "회원 번호", "locale": "ko"}, {"name": "Card number", "locale": "en"}]}],
             "validity_days": 365, "batch_size": 5, "status_bits": 1, "acr": "2", "source": "offer",
             "key_attestation": {"key_storage": ["iso_18045_high", "iso_18045_moderate"]}}""";

    static final String VIEW =
            """
            {"id": "library-card", "agency": "city-hall", "format": "dc+sd-jwt",
             "vct": "https://localhost:8443/identity/vct/library-card",
             "display": [{"name": "도서관 회원증", "locale": "ko"}, {"name": "Library card", "locale": "en"}],
             "claims": [{"path": ["card_number"], "mandatory": false,
               "display": [{"name": "회원 번호", "locale": "ko"}, {"name": "Card number", "locale": "en"}]}],
             "validity_days": 365, "batch_size": 10, "status_bits": 2, "source": "offer"}""";

    static final String PAGE = "{\"items\": [" + VIEW + "], \"next\": \"library-card\"}";

    private TypeExamples() {}
}
