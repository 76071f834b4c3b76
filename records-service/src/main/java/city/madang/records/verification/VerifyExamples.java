package city.madang.records.verification;

/** Answers as they stand in the API's description. */
final class VerifyExamples {

    static final String GENUINE =
            """
            {"valid": true, "conclusion": "genuine",
             "says": {"ko": "기관이 봉인한 진본입니다", "en": "Genuine: sealed by an agency of the city and unchanged since"},
             "kind": "pdf", "record": "0accdf82-3f70-4811-823f-30169f2b1aa1", "agency": "transport", "signer": "Transport Authority",
             "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "state": "sealed",
             "checks": [{"check": "intact", "status": "proven", "passed": true,
               "says": {"ko": "봉인 이후 한 글자도 바뀌거나 더해지지 않았습니다.", "en": "Nothing was changed or added since it was sealed (PAdES-BASELINE-B)."}}]}""";

    static final String CHANGED =
            """
            {"valid": false, "conclusion": "changed",
             "says": {"ko": "봉인된 뒤에 변경된 문서입니다", "en": "Changed after it was sealed"},
             "kind": "pdf", "signer": "Transport Authority",
             "sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
             "checks": [{"check": "intact", "status": "refuted", "passed": false,
               "says": {"ko": "봉인 이후 내용이 더해졌습니다.", "en": "Something was added after it was sealed."}}]}""";

    static final String TRUST =
            """
            {"ca": "-----BEGIN CERTIFICATE-----\\nMIIB…\\n-----END CERTIFICATE-----\\n",
             "log_policy": "log localhost:8443/records/log/transport+4f5e6d7c+AQ…\\nquorum none\\n",
             "anchors": [{"log": "localhost:8443/records/log/transport", "size": 1, "root": "ab…", "chain_id": 31337,
               "contract": "0x5c604badb6457cec054a011e7e67c78a0e13a08d", "transaction_hash": "0x…", "block_number": 12,
               "anchored": "2026-11-26T01:02:03Z"}]}""";

    private VerifyExamples() {}
}
