package city.madang.identity.presentation.checks;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.mdoc.TestMdocs;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An SD-JWT VC with key binding of which everything can be changed before it is signed. */
final class Shown {

    final Map<String, Object> header = new LinkedHashMap<>();
    final Map<String, Object> payload = new LinkedHashMap<>();
    final List<String> disclosures = new ArrayList<>();
    final Map<String, Object> bindingHeader = new LinkedHashMap<>();
    final Map<String, Object> binding = new LinkedHashMap<>();
    KeyPair issuerKey;
    KeyPair holderKey;

    static String disclosure(Object... parts) {
        return Base64Url.encode(StrictJson.write(Arrays.asList(parts)).getBytes(StandardCharsets.UTF_8));
    }

    static String digest(String disclosure) {
        return Base64Url.encode(Sha256.of(disclosure.getBytes(StandardCharsets.US_ASCII)));
    }

    static String signed(Map<String, Object> header, Map<String, Object> payload, KeyPair key) {
        String input = Base64Url.encode(StrictJson.write(header).getBytes(StandardCharsets.UTF_8)) + "."
                + Base64Url.encode(StrictJson.write(payload).getBytes(StandardCharsets.UTF_8));
        byte[] signature = TestMdocs.signer(key.getPrivate()).apply(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + Base64Url.encode(signature);
    }

    /** Up to and with the last tilde. */
    String unbound() {
        StringBuilder text = new StringBuilder(signed(header, payload, issuerKey)).append('~');
        disclosures.forEach(each -> text.append(each).append('~'));
        return text.toString();
    }

    String text() {
        return bound(unbound());
    }

    String bound(String unbound) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sd_hash", digest(unbound));
        claims.putAll(binding);
        claims.values().removeIf(value -> value.equals("absent"));
        return unbound + signed(bindingHeader, claims, holderKey);
    }
}
