package city.madang.payment.bills;

/** Examples of the API documentation. */
final class BillExamples {

    static final String PRESENTING =
            """
            {"debtor": "8c2f1b0e-5d1f-4b0e-9a55-0f6b8f2d3c11", "amount": 12000, "currency": "KRW",
             "title": {"ko": "주차 허가 수수료", "en": "Parking permit fee"},
             "due_at": "2026-12-31T14:59:59Z", "partial": false}""";

    static final String MANY = "{\"bills\": [" + PRESENTING + "]}";

    static final String BILL =
            """
            {"id": "5b1c2f6e-64a4-4a0e-8f4e-0a5a5a1f7c10", "state": "open", "amount": 12000, "paid": 0, "left": 12000,
             "currency": "KRW", "partial": false,
             "payee": "0x8f2d3c11aa0e9a550f6b5d1f4b0e8c2f1b0e5d1f4b0e9a550f6b8f2d3c11aa0e", "payee_agency": "transport",
             "title": {"ko": "주차 허가 수수료", "en": "Parking permit fee"},
             "bill_hash": "0x1b0e5d1f4b0e9a550f6b8f2d3c11aa0e8f2d3c11aa0e9a550f6b5d1f4b0e8c2f",
             "salt": "0x9a550f6b5d1f4b0e8c2f8f2d3c11aa0e1b0e5d1f4b0e9a550f6b8f2d3c11aa0e",
             "link": "https://localhost:8443/payment/links/3q2-7wEjRWeJq83vASNFZw", "due_at": "2026-12-31T14:59:59Z",
             "overdue": false}""";

    static final String BILLS = "{\"bills\": [" + BILL + "]}";
    static final String PAGE = "{\"items\": [" + BILL + "], \"next\": \"5b1c2f6e-64a4-4a0e-8f4e-0a5a5a1f7c10\"}";

    static final String PAYABLE =
            """
            {"id": "5b1c2f6e-64a4-4a0e-8f4e-0a5a5a1f7c10", "state": "open", "amount": 12000, "left": 12000,
             "currency": "KRW", "partial": false,
             "payee": "0x8f2d3c11aa0e9a550f6b5d1f4b0e8c2f1b0e5d1f4b0e9a550f6b8f2d3c11aa0e", "payee_agency": "transport",
             "title": {"ko": "주차 허가 수수료", "en": "Parking permit fee"},
             "bill_hash": "0x1b0e5d1f4b0e9a550f6b8f2d3c11aa0e8f2d3c11aa0e9a550f6b5d1f4b0e8c2f",
             "salt": "0x9a550f6b5d1f4b0e8c2f8f2d3c11aa0e1b0e5d1f4b0e9a550f6b8f2d3c11aa0e",
             "due_at": "2026-12-31T14:59:59Z", "overdue": false}""";

    private BillExamples() {}
}
