package city.madang.records.access;

/** Examples of the API's description. */
final class AccessExamples {

    static final String REASON =
            """
            {"record": "6f2b1c3d-54a8-4c01-9d8e-2f1f6a7b9c10",
             "purpose": {"ko": "주차 허가 갱신 심사", "en": "Review of a parking permit's renewal"},
             "legal_basis": {"ko": "주차장법 제10조", "en": "Parking Lot Act, article 10"}}""";

    static final String EMERGENCY =
            """
            {"record": "6f2b1c3d-54a8-4c01-9d8e-2f1f6a7b9c10", "break_glass": true,
             "purpose": {"ko": "의식 없는 환자의 응급 처치", "en": "Emergency treatment of an unconscious patient"},
             "legal_basis": {"ko": "응급의료에 관한 법률 제6조", "en": "Emergency Medical Service Act, article 6"}}""";

    static final String OPENED =
            "{\"id\": \"0b9c7a51-8f0e-4f5b-9f39-0d7e3a6f2c44\", \"until\": \"2026-11-26T01:15:00Z\"}";

    static final String PAGE =
            """
            {"items": [{"id": "0b9c7a51-8f0e-4f5b-9f39-0d7e3a6f2c44", "agency": "transport",
              "record": "6f2b1c3d-54a8-4c01-9d8e-2f1f6a7b9c10",
              "title": {"ko": "주차 허가 신청 서류", "en": "Papers of a parking permit"},
              "reader": {"kind": "officer", "agency": "transport"},
              "purpose": {"ko": "주차 허가 갱신 심사", "en": "Review of a parking permit's renewal"},
              "legal_basis": {"ko": "주차장법 제10조", "en": "Parking Lot Act, article 10"},
              "break_glass": false, "at": "2026-11-26T01:00:00Z", "log": "https://localhost:8443/records/log/transport", "log_index": 41}]}""";

    static final String DELEGATION =
            """
            {"delegate": "2d1f7c52-90a4-4ab8-8c6e-5b7f7d3a9e01", "agency": "transport", "type": "permit-papers",
             "expires": "2026-12-31T15:00:00Z"}""";

    private AccessExamples() {}
}
