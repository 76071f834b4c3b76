package city.madang.identity.types;

import city.madang.identity.jose.Malformed;
import city.madang.identity.language.LocalText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a declaration, in its long or short form, into a type, or says what is wrong with it: all wallets read what it says. */
final class DeclarationReader {

    /** Reverse-domain names with a version, such as {@code org.iso.18013.5.1.mDL}. */
    static final String DOCTYPE = "[A-Za-z0-9]+(\\.[A-Za-z0-9_-]+)+";

    private static final int MOST_LANGUAGES = 20;

    private static final Set<Integer> STATUS_BITS = Set.of(0, 1, 2, 8);

    private DeclarationReader() {}

    /** @throws Malformed with the reason, which quotes nothing */
    static CredentialType read(String id, String agency, Declaration declaration) throws Malformed {
        Format format = declaration.format() == null
                ? Format.SD_JWT_VC
                : Format.of(declaration.format()).orElseThrow(() -> new Malformed("format is dc+sd-jwt or mso_mdoc"));
        String name = name(format, declaration);
        List<Claim> claims = new ArrayList<>();
        for (Map<String, Object> claim : declaration.claims()) {
            claims.add(claim(format, name, claim));
        }
        requireDistinct(claims);
        int statusBits = statusBits(format, declaration.statusBits());
        ClaimSource source = declaration.source() == null
                ? ClaimSource.OFFER
                : ClaimSource.of(declaration.source()).orElseThrow(() -> new Malformed("source is offer or sign_in"));
        Declaration.@Nullable KeyAttestationBody attestation = declaration.keyAttestation();
        return new CredentialType(
                id,
                agency,
                format,
                name,
                displays(declaration.display()),
                claims,
                declaration.validityDays(),
                Objects.requireNonNullElse(declaration.batchSize(), CredentialType.DEFAULT_BATCH),
                statusBits,
                declaration.acr(),
                source,
                attestation == null
                        ? null
                        : new KeyAttestation(
                                Objects.requireNonNullElse(attestation.keyStorage(), List.of()),
                                Objects.requireNonNullElse(attestation.userAuthentication(), List.of())));
    }

    private static int statusBits(Format format, @Nullable Integer declared) throws Malformed {
        int common =
                format == Format.MSO_MDOC ? CredentialType.STATUS_BITS_OF_MDOCS : CredentialType.DEFAULT_STATUS_BITS;
        int statusBits = Objects.requireNonNullElse(declared, common);
        if (!STATUS_BITS.contains(statusBits)) {
            throw new Malformed("status_bits is 0, 1, 2 or 8");
        }
        if (format == Format.MSO_MDOC && statusBits > CredentialType.STATUS_BITS_OF_MDOCS) {
            throw new Malformed("status_bits of an mdoc is 0 or 1");
        }
        return statusBits;
    }

    private static String name(Format format, Declaration declaration) throws Malformed {
        @Nullable String right = format == Format.SD_JWT_VC ? declaration.vctName() : declaration.doctype();
        @Nullable String wrong = format == Format.SD_JWT_VC ? declaration.doctype() : declaration.vctName();
        if (right == null || wrong != null) {
            throw new Malformed("dc+sd-jwt needs vct_name, mso_mdoc needs doctype, and neither the other's");
        }
        return right;
    }

    /** In short {@code {"ko": …, "en": …}}, else as OpenID4VCI has it. */
    private static List<Display> displays(Object json) throws Malformed {
        if (json instanceof Map<?, ?> text) {
            return shortForm(localText(text));
        }
        if (!(json instanceof List<?> list) || list.isEmpty() || list.size() > MOST_LANGUAGES) {
            throw new Malformed("display needs 1 to " + MOST_LANGUAGES + " languages");
        }
        List<Display> displays = new ArrayList<>();
        Set<String> locales = new HashSet<>();
        for (Object each : list) {
            Display display = DisplayReader.display(each);
            if (!locales.add(display.locale().toLowerCase(Locale.ROOT))) {
                throw new Malformed("display has a language twice");
            }
            displays.add(display);
        }
        return displays;
    }

    static List<Display> shortForm(LocalText text) {
        return List.of(
                new Display(text.ko(), "ko", null, null, null, null),
                new Display(text.en(), "en", null, null, null, null));
    }

    /** A claim in the short form; in an mdoc its name space is the doctype. */
    static Claim shortForm(Format format, String typeName, String name, LocalText label) {
        return new Claim(
                format == Format.MSO_MDOC ? List.of(typeName, name) : List.of(name),
                List.of(new Claim.Label(label.ko(), "ko"), new Claim.Label(label.en(), "en")),
                false);
    }

    private static Claim claim(Format format, String typeName, Map<String, Object> json) throws Malformed {
        if (json.get("name") instanceof String name) {
            if (!json.keySet().equals(Set.of("name", "label"))
                    || !(json.get("label") instanceof Map<?, ?> label)
                    || !ClaimName.isAllowed(name)) {
                throw new Malformed("a claim in the short form has a name that is not the standard's own, and a label");
            }
            return shortForm(format, typeName, name, localText(label));
        }
        Claim claim = DisplayReader.claim(json);
        if (format == Format.MSO_MDOC) {
            if (claim.path().size() != 2 || claim.path().stream().anyMatch(part -> !ClaimName.isElement(part))) {
                throw new Malformed("the path of an mdoc's claim is its name space and its element");
            }
        } else if (!ClaimName.isAllowed(claim.path().getFirst())
                || claim.path().stream().anyMatch(part -> !ClaimName.isShaped(part))) {
            throw new Malformed("a claim has a name of the standard's own");
        }
        return claim;
    }

    private static void requireDistinct(List<Claim> claims) throws Malformed {
        if (claims.stream().map(Claim::path).distinct().count() != claims.size()) {
            throw new Malformed("a claim is declared twice");
        }
    }

    private static LocalText localText(Map<?, ?> json) throws Malformed {
        if (json.size() == 2 && json.get("ko") instanceof String ko && json.get("en") instanceof String en) {
            LocalText text = new LocalText(ko, en);
            if (text.fits()) {
                return text;
            }
        }
        throw new Malformed("a text in the short form is {ko, en}, each 1 to 200 characters");
    }
}
