package city.madang.identity.issuance;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.mdoc.MdocIssuer;
import city.madang.identity.sdjwt.SdJwtIssuer;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.status.StatusRef;
import city.madang.identity.types.ClaimsFit;
import city.madang.identity.types.Format;
import city.madang.kit.keys.Keyring;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes credentials: SD-JWT VC under HAIP 1.0, and mdoc. Computes only; about 0.1 ms for each. */
@Singleton
public class CredentialSigner {

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private final Keyring keyring;
    private final IdentitySettings settings;

    CredentialSigner(Keyring keyring, IdentitySettings settings) {
        this.keyring = keyring;
        this.settings = settings;
    }

    /**
     * What is to be signed.
     *
     * @param holders a key for each copy
     * @param statuses a place for each copy; empty where the type has no status
     * @param validity whole days, so that times do not link copies or issuances of a day; or from when its certificate is valid, as
     *     that says of itself
     */
    record Order(
            Issuable what,
            Issuable.Issuer issuer,
            Map<String, ? extends @Nullable Object> claims,
            List<PublicJwk> holders,
            List<StatusRef> statuses,
            Validity validity) {
        @Override
        public String toString() {
            return "Order[" + what.type().id() + "]";
        }
    }

    record Validity(Instant from, Instant until) {
        /**
         * As the type says. Never before the issuer's certificate (ISO 18013-5 §9.3.1 for mdocs; verifiers hold SD-JWTs to it too),
         * which on its first day begins later than the day; of an mdoc never beyond it, with which it would cease to be verifiable.
         */
        static Validity of(Issuable what, Issuable.Issuer issuer, Instant now) {
            Instant today = now.truncatedTo(ChronoUnit.DAYS);
            Instant until = today.plus(what.type().validityDays() + 1L, ChronoUnit.DAYS);
            return new Validity(
                    issuer.notBefore().isAfter(today) ? issuer.notBefore() : today,
                    what.type().format() == Format.MSO_MDOC && until.isAfter(issuer.notAfter())
                            ? issuer.notAfter().truncatedTo(ChronoUnit.DAYS)
                            : until);
        }
    }

    /** One credential for each holder key, as OpenID4VCI carries it; salts are fresh in each. */
    List<String> sign(Order order) {
        List<String> credentials = new ArrayList<>();
        for (int copy = 0; copy < order.holders().size(); copy++) {
            @Nullable
            Map<String, Object> status = order.statuses().isEmpty()
                    ? null
                    : order.statuses().get(copy).toClaim();
            PublicJwk holder = order.holders().get(copy);
            credentials.add(
                    order.what().type().format() == Format.SD_JWT_VC
                            ? sdJwt(order, holder, status)
                            : mdoc(order, holder, status));
        }
        return credentials;
    }

    private String sdJwt(Order order, PublicJwk holder, @Nullable Map<String, Object> status) {
        Map<String, Object> open = new LinkedHashMap<>();
        open.put("iss", settings.issuer());
        open.put("vct", order.what().typeName());
        String integrity = order.what().integrity();
        if (integrity != null) {
            open.put("vct#integrity", integrity);
        }
        open.put("iat", order.validity().from().getEpochSecond());
        open.put("exp", order.validity().until().getEpochSecond());
        if (status != null) {
            open.put("status", status);
        }
        open.put("cnf", Map.of("jwk", holder.toJson()));
        String keyId = order.issuer().keyId();
        return SdJwtIssuer.sign(
                order.issuer().sdJwtHeader(),
                open,
                order.claims(),
                order.what().paths(),
                input -> keyring.sign(keyId, input));
    }

    private String mdoc(Order order, PublicJwk holder, @Nullable Map<String, Object> status) {
        Map<String, Map<String, Object>> nameSpaces =
                ClaimsFit.nameSpaces(order.what().type(), order.claims());
        nameSpaces.values().forEach(elements -> elements.replaceAll((name, value) -> dated(value)));
        String keyId = order.issuer().keyId();
        return Base64Url.encode(MdocIssuer.issue(
                new MdocIssuer.Order(
                        order.what().typeName(),
                        nameSpaces,
                        holder,
                        order.issuer().chain(),
                        order.validity().from(),
                        order.validity().from(),
                        order.validity().until(),
                        status),
                input -> keyring.sign(keyId, input)));
    }

    /** A text that is a date in ISO form becomes a full-date (RFC 8943), as the elements of ISO 18013-5 have it. */
    private static Object dated(Object value) {
        if (value instanceof String text && DATE.matcher(text).matches()) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException notInTheCalendar) {
                return value;
            }
        }
        return value;
    }
}
