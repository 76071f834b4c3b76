package city.madang.journey;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/** A browser in which a citizen signs in for a wallet: cookies, redirects, and Keycloak's page. */
final class CitizensBrowser {

    /** There, through Keycloak and back are five. */
    private static final int MOST_REDIRECTS = 12;

    private final Portal portal;
    private final SignIn signIn;

    CitizensBrowser(Portal portal) {
        this.portal = portal;
        this.signIn = new SignIn(portal);
    }

    /** Opens what a wallet opens, signs in, and answers the address at which the wallet is called back. */
    String signIn(String address, String user, String callback) {
        HttpClient browser = portal.browser();
        HttpResponse<String> page = Portal.open(browser, address);
        for (int i = 0; i < MOST_REDIRECTS; i++) {
            String location = page.headers().firstValue("Location").orElse("");
            if (location.startsWith(callback)) {
                return location;
            }
            Optional<HttpRequest.Builder> next = location.isEmpty()
                    ? signIn.filledIn(page, user)
                    : Optional.of(HttpRequest.newBuilder(page.uri().resolve(location)));
            if (next.isEmpty()) {
                break;
            }
            page = Portal.send(browser, next.get());
        }
        throw new JourneyFailed("the sign-in ends at " + page.uri().getPath() + ": " + page.statusCode());
    }
}
