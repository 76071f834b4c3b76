package city.madang.gateway.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AccessLogTest {

    @Test
    void what_can_be_a_secret_link_or_an_account_stays_out_of_the_log() {
        assertEquals(
                "/identity/offer/{id}",
                AccessLog.withoutIdentifiers("/identity/offer/0d9b2a52-2c3c-4b6f-9d2b-53f2d1c0a001"));
        assertEquals("/payment/accounts/{id}", AccessLog.withoutIdentifiers("/payment/accounts/0x" + "ab".repeat(32)));
        assertEquals("/identity/x/{id}", AccessLog.withoutIdentifiers("/identity/x/" + "abcdefgh".repeat(5)));
        assertEquals(
                "/.well-known/oauth-authorization-server/identity",
                AccessLog.withoutIdentifiers("/.well-known/oauth-authorization-server/identity"));
    }
}
