package city.madang.payment.authorisations;

/** Examples of the API documentation. */
public final class AuthorisationExamples {

    private static final String PAY =
            """
            "from": "0x1daef69a8c2f1b0e5d1f4b0e9a550f6b8f2d3c11aa0e9a550f6b5d1f4b0e8c2f", "key_version": 1,
             "to": "0x8f2d3c11aa0e9a550f6b5d1f4b0e8c2f1b0e5d1f4b0e9a550f6b8f2d3c11aa0e", "amount": 12000,
             "bill_hash": "0x1b0e5d1f4b0e9a550f6b8f2d3c11aa0e8f2d3c11aa0e9a550f6b5d1f4b0e8c2f",
             "nonce": "259", "valid_after": 1795600000, "valid_before": 1795603600""";

    static final String SIGNED = "{" + PAY
            + ",\n"
            + " \"signature\":"
            + " \"CgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4_QEFCQ0RFRkdISQ\"}";

    private static final String ID =
            "{\"id\": \"0xb78c793850ec326dc6ff3b1df0ebb2bf964dc596610b3b1e48aeb56cd1a2f421\", ";
    private static final String TIMES = ",\n \"accepted_at\": \"2026-11-25T12:00:00Z\"";

    private static final String HOLD = ", \"hold_until\": 1795603000,\n \"capturer\":"
            + " \"0x8f2d3c11aa0e9a550f6b5d1f4b0e8c2f1b0e5d1f4b0e9a550f6b8f2d3c11aa0e\"";

    /** What is taken of a hold. */
    public static final String CAPTURE =
            """
            {"amount": 9000, "key_version": 1,
             "signature": "CgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4_QEFCQ0RFRkdISQ"}""";

    static final String ACCEPTED = ID + "\"state\": \"accepted\", " + PAY + TIMES + "}";

    static final String HELD = ID + "\"state\": \"held\", " + PAY + TIMES + HOLD + "}";

    /** A hold that its payee has captured. */
    public static final String CAPTURED = ID + "\"state\": \"accepted\", " + PAY + TIMES + HOLD
            + ",\n \"captured_at\": \"2026-11-25T12:10:00Z\", \"captured_amount\": 9000}";

    /** A hold that its payee has given up. */
    public static final String VOIDED = ID + "\"state\": \"reversed\", \"reason\": \"voided\", " + PAY + TIMES + HOLD
            + ",\n \"finished_at\": \"2026-11-25T12:10:00Z\"}";

    /** A payment that the chain has moved. */
    public static final String SETTLED = ID + "\"state\": \"settled\", " + PAY + TIMES
            + ", \"bill\": \"5b1c2f6e-64a4-4a0e-8f4e-0a5a5a1f7c10\",\n \"finished_at\": \"2026-11-25T12:00:02Z\","
            + " \"transaction_hash\": \"0x5c604badb6457cec054a011e7e67c78a0e13a08d5c604badb6457cec054a011e\","
            + " \"block_number\": 42, \"refunded\": 0}";

    static final String REFUNDS = "{\"items\": [" + ID + "\"state\": \"accepted\", " + PAY + TIMES
            + ", \"refund_of\": \"0x5c604badb6457cec054a011e7e67c78a0e13a08d5c604badb6457cec054a011e\"}]}";

    /** Lines of a bulk answer: accepted, and refused. */
    static final String BULK = ID + "\"status\": 201, \"state\": \"accepted\", \"accepted_at\":"
            + " \"2026-11-25T12:00:00Z\"}\n{\"id\":"
            + " \"0x5c604badb6457cec054a011e7e67c78a0e13a08d5c604badb6457cec054a011e\", \"status\": 409, \"type\":"
            + " \"urn:madang:problem:nonce-used\", \"title\": \"The nonce was used before\"}\n";

    private AuthorisationExamples() {}
}
