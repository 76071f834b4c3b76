package city.madang.identity.trust;

/** Examples in the OpenAPI document. */
final class TrustExamples {

    static final String RIGHTS =
            """
            {"own_types": true, "issues": [],
             "asks": [{"format": "dc+sd-jwt", "meta": {"vct_values": ["https://localhost:8443/identity/vct/residency"]},
               "claims": [{"path": ["street_address"]}, {"path": ["district"]}],
               "purpose": {"ko": "거주자 우선 주차 허가", "en": "Resident parking permits"},
               "legal_basis": {"ko": "주차장법 제10조", "en": "Parking Lot Act, article 10"}}]}""";

    static final String LIST = "eyJhbGciOiJFUzI1NiIsInR5cCI6InRydXN0bGlzdCtqd3QiLCJ4NWMiOlsi…";

    private TrustExamples() {}
}
