package city.madang.identity.authorization;

import city.madang.identity.problem.OpenIdError;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sends the browser back to the wallet (RFC 6749 §4.1.2 and §4.1.2.1), always naming this server (RFC 9207). */
record WalletAnswer(String redirectUri, @Nullable String state, String issuer) {

    static WalletAnswer to(RequestEntity request, String issuer) {
        return new WalletAnswer(request.redirectUri, request.state, issuer);
    }

    Response code(String code) {
        return redirect(Map.of("code", code));
    }

    Response error(OpenIdError error) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("error", error.code());
        parameters.put("error_description", error.description());
        return redirect(parameters);
    }

    private Response redirect(Map<String, String> parameters) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        if (state != null) {
            all.put("state", state);
        }
        all.put("iss", issuer);
        return redirect(redirectUri
                + (redirectUri.contains("?") ? "&" : "?")
                + all.entrySet().stream()
                        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
    }

    /** The address as it is: it need not be one that this service's HTTP library would build. */
    static Response redirect(String address) {
        return redirect(Response.Status.FOUND, address);
    }

    /** The same after a form: the browser comes with {@code GET} and sends the form to nobody (FAPI 2.0 Security Profile §5.3.2.2). */
    static Response afterForm(Response redirect) {
        return redirect.getStatus() == Response.Status.FOUND.getStatusCode()
                ? redirect(Response.Status.SEE_OTHER, redirect.getHeaderString(HttpHeaders.LOCATION))
                : redirect;
    }

    private static Response redirect(Response.Status status, String address) {
        return Response.status(status)
                .header(HttpHeaders.LOCATION, address)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Referrer-Policy", "no-referrer")
                .build();
    }
}
