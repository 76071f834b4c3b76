package city.madang.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A city with two agencies and credential types of every kind, and citizens with wallets: what the tests of flows begin with. */
final class Town {

    /** Claims in an offer; in both formats. */
    static final String LICENCE = "driving-licence";

    static final String LICENCE_MDOC = "driving-licence-mdoc";

    /** Nobody is offered one: its agency decides when a wallet asks. */
    static final String PERMIT = "angling-permit";

    static final String PERMIT_MDOC = "angling-permit-mdoc";

    /** From the sign-in, at level 2 of assurance. */
    static final String STRICT = "strict-citizen";

    static final String STRICT_MDOC = "strict-citizen-mdoc";

    /** From the sign-in, to keys that a wallet provider vouches for. */
    static final String ATTESTED = "attested-citizen";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Town town;

    final Portal portal;
    final Desk cityHall;
    final Desk transport;

    private Town() {
        portal = new Portal(TestStack.city());
        cityHall = new Desk(portal, "city-hall");
        transport = new Desk(portal, "transport");
        String registrar = new SignIn(portal).person("officer.cityhall");
        for (String agency : List.of("city-hall", "transport")) {
            ObjectNode body = JSON.createObjectNode();
            body.putObject("name").put("ko", "기관").put("en", "Agency " + agency);
            portal.put("/identity/agencies/" + agency, registrar, body);
        }
        String licence = "\"family_name\", \"given_name\", \"birthdate\", \"document_number\", \"category\"";
        declare(LICENCE, LICENCE_MDOC, licence, "");
        declare(PERMIT, PERMIT_MDOC, licence, "");
        String person = "\"family_name\", \"given_name\", \"birthdate\"";
        declare(STRICT, STRICT_MDOC, person, ", \"source\": \"sign_in\", \"acr\": \"2\"");
        cityHall.declare(
                ATTESTED,
                sdJwt(
                        ATTESTED,
                        person,
                        ", \"source\": \"sign_in\", \"key_attestation\": {\"key_storage\": [\"iso_18045_high\"]}"));
        grant(registrar);
    }

    /** The same for all tests, as long as the city is not torn down. */
    static synchronized Town ready() {
        if (town == null) {
            town = new Town();
        }
        return town;
    }

    /** What transport may ask for, also in the journey. */
    private void grant(String registrar) {
        String[] licence = {"family_name", "given_name", "birthdate", "document_number", "category"};
        String[] person = {"family_name", "given_name", "birthdate"};
        String asks = String.join(
                ", ",
                right(LICENCE, licence),
                right(LICENCE_MDOC, licence),
                right(PERMIT, licence),
                right(PERMIT_MDOC, licence),
                right(STRICT, person),
                right(STRICT_MDOC, person),
                right(ATTESTED, person),
                right("citizen", person),
                right("residency", "street_address", "district"));
        try {
            portal.put("/identity/agencies/transport/rights", registrar, JSON.readTree("{\"asks\": [" + asks + "]}"));
        } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    private String right(String type, String... claims) {
        boolean mdoc = type.endsWith("-mdoc");
        String meta = mdoc
                ? "\"format\": \"mso_mdoc\", \"meta\": {\"doctype_value\": \"" + doctype(type) + "\"}"
                : "\"format\": \"dc+sd-jwt\", \"meta\": {\"vct_values\": [\"" + vct(type) + "\"]}";
        String space = mdoc ? "\"" + doctype(type) + "\", " : "";
        String paths = String.join(
                ", ",
                List.of(claims).stream()
                        .map(claim -> "{\"path\": [" + space + "\"" + claim + "\"]}")
                        .toList());
        return "{" + meta + ", \"claims\": [" + paths + "], \"purpose\": {\"ko\": \"교통\", \"en\": \"Traffic\"},"
                + " \"legal_basis\": {\"ko\": \"도로교통법\", \"en\": \"Road Traffic Act\"}}";
    }

    static String doctype(String type) {
        return "city.madang.test." + type.replace("-mdoc", "").replace('-', '_') + ".1";
    }

    String vct(String type) {
        return portal.city().at("/identity/vct/" + type).toString();
    }

    String issuer() {
        return portal.city().at("/identity").toString();
    }

    /** A citizen with a new wallet, who is signed in to the city. */
    Citizen citizen(String user) {
        WalletCommand wallet = TestStack.wallet(user + "-" + System.nanoTime());
        String sub = wallet.signIn(user).path("sub").asText();
        return new Citizen(user, sub, wallet);
    }

    record Citizen(String user, String sub, WalletCommand wallet) {

        /** An offer as its holder sees it. */
        JsonNode offer(String id) {
            for (JsonNode each : wallet.run("offers").path("items")) {
                if (each.path("id").asText().equals(id)) {
                    return each;
                }
            }
            throw new JourneyFailed("the holder does not see offer " + id);
        }

        /** Takes what is offered; the only credential of it. */
        JsonNode receive(String offer, String... how) {
            String[] command = new String[how.length + 2];
            command[0] = "receive";
            command[1] = offer;
            System.arraycopy(how, 0, command, 2, how.length);
            return wallet.run(command).at("/credentials/0");
        }
    }

    private void declare(String type, String mdoc, String claims, String more) {
        cityHall.declare(type, sdJwt(type, claims, more));
        cityHall.declare(mdoc, mdoc(doctype(mdoc), claims, more));
    }

    private static String sdJwt(String name, String claims, String more) {
        return "{\"vct_name\": \"" + name + "\", " + rest(claims, "", more);
    }

    private static String mdoc(String doctype, String claims, String more) {
        return "{\"format\": \"mso_mdoc\", \"doctype\": \"" + doctype + "\", "
                + rest(claims, "\"" + doctype + "\", ", more);
    }

    private static String rest(String claims, String nameSpace, String more) {
        String paths = List.of(claims.split(", ")).stream()
                .map(claim -> "{\"path\": [" + nameSpace + claim + "], \"mandatory\": false, \"display\": [{\"name\": "
                        + claim + ", \"locale\": \"en\"}]}")
                .reduce((one, other) -> one + ", " + other)
                .orElseThrow();
        return "\"display\": {\"ko\": \"증명\", \"en\": \"Proof\"}, \"claims\": [" + paths + "], \"validity_days\": 30"
                + more + "}";
    }
}
