package city.madang.identity.status;

/** Numbers of a Status List Token's claims in a CWT (RFC 8392 §3.1, draft-ietf-oauth-status-list §5.2). */
final class CwtClaim {

    /** Tag of a COSE_Sign1 (RFC 9052 §2). */
    static final long COSE_SIGN1 = 18;

    static final long SUBJECT = 2;
    static final long EXPIRES = 4;
    static final long NOT_BEFORE = 5;
    static final long ISSUED = 6;
    /** ISO/IEC 18013-5 §12.3.6.4. */
    static final long IDENTIFIER_LIST = 65_530;

    static final long STATUS_LIST = 65_533;
    static final long TIME_TO_LIVE = 65_534;

    private CwtClaim() {}
}
