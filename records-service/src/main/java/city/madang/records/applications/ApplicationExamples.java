package city.madang.records.applications;

/** Examples for the API's description. */
final class ApplicationExamples {

    static final String APPLY =
            """
            {"service": "trade-licence", "form": {"trade_name": "마당서점", "trade": "books", "address": "월드컵북로 400"}}""";

    static final String ATTACHMENT =
            """
            {"name": "임대차계약서.pdf", "media_type": "application/pdf", "length": 48213}""";

    static final String ANNOUNCED =
            """
            {"document": "5b1f6c1a-93f4-4b53-8f2c-0f3a6a1d7e10", "upload": "/records/uploads/9a0c7d58-2f5e-4f0e-8a4e-1b7f6f0d2c33",
             "expires": "2026-11-27T01:00:00Z"}""";

    static final String APPLICATION =
            """
            {"id": "1f0c5f0e-6c1e-4f0b-9a5f-0f4a7f0f2b11", "service": "trade-licence", "service_version": 1,
             "agency": "city-hall", "state": "deciding", "submitted": "2026-11-26T01:00:00Z",
             "due": "2026-12-08T01:00:00Z", "steps": [{"name": "presentation", "state": "done", "at": "2026-11-26T01:01:00Z"},
             {"name": "payment", "state": "done", "href": "/payment/bills/7d6c…", "at": "2026-11-26T01:02:00Z"},
             {"name": "decision", "state": "waiting"}, {"name": "record", "state": "waiting"},
             {"name": "credential", "state": "waiting"}]}""";

    static final String DECISION =
            """
            {"decision": "refused", "reason": "영업장 면적이 기준에 미치지 못합니다 / The premises are too small"}""";

    static final String CLAIM = """
            {"take_over": false}""";

    static final String QUESTION =
            """
            {"question": "임대차 계약서의 면적을 확인해 주세요 / Please check the floor area in your lease", "days": 14}""";

    static final String ANSWER =
            """
            {"answer": "면적을 고쳤습니다 / The area is corrected", "form": {"trade_name": "마당서점", "trade": "books",
             "address": "월드컵북로 400", "area_m2": 42}}""";

    static final String APPEAL = """
            {"reason": "면적은 42제곱미터입니다 / The floor area is 42 square metres"}""";

    static final String REVIEWS =
            """
            {"items": [{"application": "1f0c5f0e-6c1e-4f0b-9a5f-0f4a7f0f2b11", "service": "trade-licence",
             "state": "deciding", "round": 1, "submitted": "2026-11-26T01:00:00Z", "due": "2026-12-08T01:00:00Z",
             "overdue": false, "claimed": true, "mine": true, "questions": 0}]}""";

    static final String PROGRESS =
            """
            {"id": "1f0c5f0e-6c1e-4f0b-9a5f-0f4a7f0f2b11", "service": "trade-licence",
             "title": {"ko": "영업 신고", "en": "Trade licence"}, "state": "asked",
             "says": {"ko": "담당자가 더 알고 싶은 것이 있습니다", "en": "The officer needs to know more"},
             "service_level": {"working_days": 7, "paused": true, "overdue": false}, "fee": "paid",
             "next": [{"who": "applicant", "does": "answer", "says": {"ko": "질문에 답해 주세요", "en": "Answer the question"},
               "until": "2026-12-10T01:00:00Z"}],
             "timeline": [{"what": "submitted", "by": "applicant", "at": "2026-11-26T01:00:00Z",
               "says": {"ko": "신청했습니다", "en": "You applied"}}]}""";

    private ApplicationExamples() {}
}
