package city.madang.identity;

import city.madang.devstack.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;

/** A citizen's browser: follows redirects one by one, keeps cookies, and types into Keycloak's real login form. */
final class TestBrowser implements AutoCloseable {

    private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** Of the one origin, by name. */
    final Map<String, String> cookies = new HashMap<>();

    record Page(int status, String location, String body, HttpResponse<String> raw) {}

    Page get(String url) {
        return send(HttpRequest.newBuilder(internal(url)).GET());
    }

    Page post(String url, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(internal(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** From the authorization endpoint through the login form to the address of the callback, which is not opened. */
    String signIn(String authorizeUrl, String user) {
        Page away = get(authorizeUrl);
        if (away.status() != 302) {
            throw new AssertionError("no redirect to the sign-in: " + away);
        }
        Page login = get(away.location());
        if (login.status() == 302) {
            return login.location();
        }
        Matcher action = ACTION.matcher(login.body());
        if (!action.find()) {
            throw new AssertionError("no login form: " + login);
        }
        Page back = post(
                action.group(1).replace("&amp;", "&"),
                Map.of("username", user, "password", TestTokens.password(user), "credentialId", ""));
        if (back.body().contains("name=\"otp\"")) {
            Matcher second = ACTION.matcher(back.body());
            second.find();
            back = post(second.group(1).replace("&amp;", "&"), Map.of("otp", TestTokens.totp(user)));
        }
        if (back.status() != 302) {
            throw new AssertionError("the login form answered " + back.status() + " " + back.body());
        }
        return back.location();
    }

    /** The whole way; the address at the wallet that the browser is sent to. */
    String authorize(String authorizeUrl, String user) {
        Page answer = get(signIn(authorizeUrl, user));
        if (answer.status() != 302) {
            throw new AssertionError("no way back to the wallet: " + answer);
        }
        return answer.location();
    }

    private Page send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(one -> one.getKey() + "=" + one.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            for (String cookie : response.headers().allValues("set-cookie")) {
                String pair = cookie.substring(0, (cookie + ";").indexOf(';'));
                cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
            return new Page(
                    response.statusCode(),
                    response.headers().firstValue("location").orElse(""),
                    response.body(),
                    response);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Public addresses lead to the gateway, which is not part of these tests. */
    private static URI internal(String url) {
        var config = ConfigProvider.getConfig();
        String realm = config.getValue("madang.keycloak.url", String.class);
        String keycloak = realm.substring(0, realm.indexOf("/auth/"));
        String own = "http://127.0.0.1:" + config.getValue("quarkus.http.test-port", Integer.class);
        return URI.create(
                url.startsWith(TestWallet.ORIGIN + "/auth/")
                        ? url.replace(TestWallet.ORIGIN, keycloak)
                        : url.replace(TestWallet.ORIGIN, own));
    }

    @Override
    public void close() {
        http.close();
    }
}
