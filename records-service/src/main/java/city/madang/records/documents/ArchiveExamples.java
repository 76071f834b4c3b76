package city.madang.records.documents;

/** Examples of the API's description. */
final class ArchiveExamples {

    static final String ANNOUNCED =
            """
            {"type": "permit-papers", "subject": "2d1f7c52-90a4-4ab8-8c6e-5b7f7d3a9e01", "name": "신청서.pdf",
             "media_type": "application/pdf", "length": 48213,
             "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "metadata": {"case": "2026-11-0042"}}""";

    static final String VERSION_ANNOUNCED =
            """
            {"name": "신청서 정정.pdf", "media_type": "application/pdf", "length": 48377, "metadata": {"case": "2026-11-0042"}}""";

    static final String UPLOAD =
            """
            {"document": "6f2b1c3d-54a8-4c01-9d8e-2f1f6a7b9c10", "upload": "/records/uploads/77f7cb4e-2a1c-4f0e-8a49-0d6a4f1f8e55",
             "expires": "2026-11-27T01:00:00Z"}""";

    static final String KEPT =
            """
            {"document": "6f2b1c3d-54a8-4c01-9d8e-2f1f6a7b9c10", "version": 1, "state": "kept", "log_index": 40,
             "href": "/records/archive/6f2b1c3d-54a8-4c01-9d8e-2f1f6a7b9c10/versions/1"}""";

    static final String SEARCH =
            "{\"type\": \"permit-papers\", \"equals\": {\"/case\": \"2026-11-0042\"}, \"limit\": 20}";

    static final String FOUND =
            """
            {"items": [{"id": "6f2b1c3d-54a8-4c01-9d8e-2f1f6a7b9c10", "agency": "transport", "type": "permit-papers",
              "title": {"ko": "주차 허가 신청 서류", "en": "Papers of a parking permit"}, "versions": 1,
              "created": "2026-11-26T01:00:00Z", "retain_until": "2031-11-26T01:00:00Z"}]}""";

    private ArchiveExamples() {}
}
