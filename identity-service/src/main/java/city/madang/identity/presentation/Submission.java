package city.madang.identity.presentation;

import city.madang.identity.jose.FormBody;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a wallet posts to the Response Endpoint (OpenID4VP 1.0 §8.2, §8.3.1, §8.5). */
sealed interface Submission {

    /** {@code direct_post.jwt}. */
    record Encrypted(String jwe) implements Submission {}

    /** {@code direct_post}. */
    record Plain(Map<String, @Nullable Object> response) implements Submission {}

    /** The wallet gives nothing; it may say so without encryption in either mode. */
    record Declined(String error, @Nullable String state) implements Submission {}

    /** Characters of an answer: less than the form may have. */
    int LONGEST = 900 * 1024;

    /** Error codes are short words (RFC 6749 §4.1.2.1). */
    int LONGEST_ERROR = 60;

    /** @throws Malformed if it is none of these, or two at once */
    static Submission parse(String body) throws Malformed {
        Map<String, String> form = FormBody.parse(body);
        String response = form.get("response");
        String vpToken = form.get("vp_token");
        String error = form.get("error");
        int kinds = (response == null ? 0 : 1) + (vpToken == null ? 0 : 1) + (error == null ? 0 : 1);
        if (kinds != 1) {
            throw new Malformed("there must be either response, vp_token or error");
        }
        if (response != null) {
            return new Encrypted(response);
        }
        if (error != null) {
            return declined(error, form.get("state"));
        }
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        plain.put("vp_token", StrictJson.object(String.valueOf(vpToken), LONGEST));
        plain.put("state", form.get("state"));
        return new Plain(plain);
    }

    /** An error may also stand within the encryption. */
    static Submission.@Nullable Declined declinedIn(Map<String, @Nullable Object> response) throws Malformed {
        return response.get("error") instanceof String error
                ? declined(error, response.get("state") instanceof String state ? state : null)
                : null;
    }

    private static Declined declined(String error, @Nullable String state) throws Malformed {
        if (error.length() > LONGEST_ERROR || !error.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'))) {
            throw new Malformed("error must be an error code");
        }
        return new Declined(error, state);
    }
}
