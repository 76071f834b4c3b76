package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsStringIgnoringCase;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** What a wallet that runs in a page of another origin may do. */
@QuarkusTest
class BrowserWalletTest {

    private static final String PAGE = "https://wallet.example";

    @Test
    void a_page_of_another_origin_may_ask_for_a_credential_with_its_token_and_proof() {
        given().header("Origin", PAGE)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,dpop,content-type")
                .options("/identity/credential")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", oneOf(PAGE, "*"))
                .header("Access-Control-Allow-Headers", containsStringIgnoringCase("dpop"))
                .header("Access-Control-Allow-Methods", containsStringIgnoringCase("POST"));
    }

    @Test
    void a_page_of_another_origin_reads_metadata_but_never_acts_with_the_cookies_of_a_citizen() {
        given().header("Origin", PAGE)
                .get("/.well-known/openid-credential-issuer/identity")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", oneOf(PAGE, "*"))
                .header("Access-Control-Expose-Headers", containsStringIgnoringCase("DPoP-Nonce"))
                .header("Access-Control-Allow-Credentials", not(equalTo("true")));
    }
}
