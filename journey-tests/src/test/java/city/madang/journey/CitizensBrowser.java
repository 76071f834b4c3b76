package city.madang.journey;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser in which a citizen signs in for a wallet: cookies, redirects, and Keycloak's page. */
final class CitizensBrowser {

    private static final Pattern FORM_ACTION = Pattern.compile("<form[^>]*\\baction=\"([^\"]+)\"");

    /** There, through Keycloak and back are five. */
    private static final int MOST_REDIRECTS = 12;

    private final Portal portal;

    CitizensBrowser(Portal portal) {
        this.portal = portal;
    }

    /** Opens what a wallet opens, signs in, and answers the address at which the wallet is called back. */
    String signIn(String address, String user, String callback) {
        HttpClient browser = portal.browser();
        HttpResponse<String> page = send(browser, HttpRequest.newBuilder(URI.create(address)));
        for (int i = 0; i < MOST_REDIRECTS; i++) {
            String location = page.headers().firstValue("Location").orElse("");
            if (location.startsWith(callback)) {
                return location;
            }
            Matcher form = FORM_ACTION.matcher(page.body());
            if (!location.isEmpty()) {
                page = send(browser, HttpRequest.newBuilder(page.uri().resolve(location)));
            } else if (form.find()) {
                page = send(browser, filledIn(form.group(1), user));
            } else {
                break;
            }
        }
        throw new JourneyFailed("the sign-in ends at " + page.uri().getPath() + ": " + page.statusCode());
    }

    private HttpRequest.Builder filledIn(String action, String user) {
        String password = URLEncoder.encode(portal.city().password().apply(user), StandardCharsets.UTF_8);
        return HttpRequest.newBuilder(URI.create(action.replace("&amp;", "&")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("username=" + user + "&password=" + password));
    }

    private static HttpResponse<String> send(HttpClient browser, HttpRequest.Builder request) {
        try {
            return browser.send(request.build(), BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new JourneyFailed("the sign-in: " + broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JourneyFailed("interrupted");
        }
    }
}
