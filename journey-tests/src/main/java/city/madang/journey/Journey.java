package city.madang.journey;

import city.madang.journey.evidence.Evidence;
import city.madang.journey.evidence.Finding;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The main job, step by step, through the public origin alone. A citizen gets a resident parking permit without paper, and
 * an outsider checks what came out. Each step fails with {@link JourneyFailed} unless it held.
 */
public final class Journey {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CITIZEN = "minji";
    /** The service of the main job. */
    public static final String SERVICE = "resident-parking-permit";

    /** Street address and district are shown, the rest never leaves the wallet. */
    private static final String RESIDENCY =
            """
            {"family_name": "김", "given_name": "민지", "birthdate": "1994-05-17",
             "street_address": "월드컵북로 400", "district": "마포구", "city": "서울특별시"}""";

    private static final long FUNDS = 90_000;

    /** Two fees of the dearest case. */
    private static final long CASE_COSTS = 60_000;

    /** A saga finishes within this also when a service is killed on the way. */
    private static final Duration SAGA = Duration.ofSeconds(150);

    private final Portal portal;
    private final SignIn signIn;
    private final WalletCommand wallet;
    private final Path home;
    private final Progress progress;

    /**
     * @param checkout folder that holds {@code wallet/}
     * @param home a folder for this citizen's wallet and documents
     */
    public Journey(City city, Path checkout, Path home, Progress progress) {
        this.portal = new Portal(city);
        this.signIn = new SignIn(portal);
        this.wallet = new WalletCommand(checkout, home.resolve("wallet"), city);
        this.home = home;
        this.progress = progress;
    }

    /** Plays all of it, and leaves what an outsider was shown. */
    public Evidence play() {
        step(Step.REGISTER, this::register);
        step(Step.PUBLISH, this::publish);
        enterTown();
        return applyAndProve();
    }

    /** Plays the main job once more with a citizen who has played it before, from the sign-in on. */
    public Evidence playAgain() {
        step(Step.SIGN_IN, this::enter);
        return applyAndProve();
    }

    private Evidence applyAndProve() {
        String application = step(Step.APPLY, this::apply, id -> "application " + id);
        step(Step.PRESENT, () -> present(application));
        String bill = openStep(application, "payment").path("href").asText();
        String payment = step(Step.PAY, () -> pay(bill), id -> "authorisation " + id);
        step(Step.PAY_AGAIN, () -> payAgain(bill));
        step(Step.SETTLE, () -> settle(payment));
        String record = step(Step.SEAL, () -> seal(application), id -> "record " + id);
        String credential =
                step(Step.PERMIT, () -> permit(application), text -> "dc+sd-jwt, " + text.length() + " characters");
        Evidence evidence = new EvidenceGatherer(portal, wallet, home).gather(record, credential);
        step(Step.VERIFY, () -> verify(evidence));
        step(Step.TAMPER, () -> tamper(evidence));
        return evidence;
    }

    /** The services that {@link #plays} knows, besides the one of the main job. */
    public static final Set<String> CASES = Set.of("trade-licence", "birth-registration");

    /** Plays a service that officers of the city hall decide, with a citizen who is new in town. */
    public void plays(String service) {
        step(Step.REGISTER, this::register);
        enterTown();
        playCase(service);
    }

    /** Plays it with the citizen of the main job, who has a residency credential and money. */
    public void playCase(String service) {
        OfficerCase officerCase = new OfficerCase(portal, signIn, wallet, home, progress);
        step(Step.OPEN, () -> officerCase.publish(service, resource("/services/" + service + ".json")));
        if (officerCase.isPaid() && officerCase.available() < CASE_COSTS) {
            step(Step.FUND, this::fund);
        }
        if (officerCase.isPaid()) {
            step(Step.WITHDRAW, () -> officerCase.withdraw(() -> fundDesk("city-hall")));
        } else {
            step(Step.SUBMIT, officerCase::submit);
        }
        step(Step.ASK, officerCase::ask);
        step(Step.ANSWER, officerCase::answer);
        step(Step.DECIDE, officerCase::grant);
        step(Step.RECEIVE, officerCase::receive);
    }

    private void enterTown() {
        step(Step.SIGN_IN, this::enter);
        step(Step.RESIDENCY, this::residency);
        step(Step.FUND, this::fund);
    }

    private String register() {
        String registrar = signIn.person("officer.cityhall");
        for (String[] agency : new String[][] {
            {"city-hall", "시청", "City Hall"},
            {"transport", "교통국", "Transport Authority"},
            {"treasury", "재무국", "Treasury"}
        }) {
            ObjectNode body = JSON.createObjectNode();
            body.putObject("name").put("ko", agency[1]).put("en", agency[2]);
            portal.put("/identity/agencies/" + agency[0], registrar, body);
        }
        grant(registrar, "/identity/agencies/transport/rights", resource("transport-rights.json"));
        return "city-hall, transport, treasury";
    }

    /** Adds to what the registrar has granted before, once. */
    private void grant(String registrar, String path, JsonNode rights) {
        ObjectNode all = portal.get(path, null).deepCopy();
        Set<JsonNode> before = new HashSet<>();
        all.withArray("asks").forEach(ask -> before.add(ask.path("meta")));
        for (JsonNode ask : rights.path("asks")) {
            if (!before.contains(ask.path("meta"))) {
                all.withArray("asks").add(ask);
            }
        }
        portal.put(path, registrar, all);
    }

    private String publish() {
        portal.put("/records/services/" + SERVICE, signIn.agency("transport"), serviceDefinition());
        JsonNode published = portal.get("/records/services/" + SERVICE, null);
        return published.at("/title/en").asText() + ", fee "
                + published.at("/fee/amount").asText() + " KRW";
    }

    private JsonNode serviceDefinition() {
        return resource("/services/" + SERVICE + ".json");
    }

    private JsonNode resource(String name) {
        try (InputStream resource = Journey.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new JourneyFailed("no " + name);
            }
            String text = new String(resource.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return JSON.readTree(text.replace("{origin}", portal.city().origin().toString()));
        } catch (IOException unreadable) {
            throw new JourneyFailed("no " + name + ": " + unreadable);
        }
    }

    private String enter() {
        wallet.signIn(CITIZEN);
        return "as " + CITIZEN + ", authorization code with PKCE";
    }

    private String residency() {
        String sub = wallet.run("whoami").path("sub").asText();
        ObjectNode offer = JSON.createObjectNode();
        offer.put("credential_configuration_id", "residency").put("holder", sub);
        offer.set("claims", read(RESIDENCY));
        String id = portal.post("/identity/credential-offers", signIn.agency("city-hall"), offer)
                .path("id")
                .asText();
        progress.underWay(Step.RESIDENCY);
        JsonNode received = wallet.run("receive", id);
        return "held by the wallet: "
                + received.at("/credentials/0/claims").size()
                + " claims, signed by " + received.at("/credentials/0/issuer").asText();
    }

    private String fund() {
        String account = wallet.run("account", "open").path("id").asText();
        long before = balance(account);
        mint(account, FUNDS);
        progress.underWay(Step.FUND);
        await("the account to be funded", () -> balance(account) >= before + FUNDS ? account : null);
        return FUNDS + " KRW in account " + account.substring(0, 10) + "…";
    }

    /** The account out of which an agency's fees go back needs money of its own. */
    private void fundDesk(String agency) {
        String token = signIn.agency(agency);
        String desk = await("the agency's account for refunds", () -> portal.get("/payment/accounts", token)
                .path("items")
                .valueStream()
                .filter(account -> account.path("key_version").asInt() > 0
                        && account.path("state").asText().equals("open"))
                .map(account -> account.path("id").asText())
                .findFirst()
                .orElse(null));
        mint(desk, FUNDS);
    }

    private void mint(String account, long won) {
        JsonNode supply = portal.get("/payment/treasury/supply", null);
        long needed = supply.path("supply").asLong() + won;
        if (supply.path("reserve").asLong() < needed) {
            ObjectNode reserve = JSON.createObjectNode();
            reserve.put("amount", needed).put("evidence_sha256", "0x" + "ab".repeat(32));
            portal.post("/payment/treasury/reserve", signIn.person("auditor"), reserve);
        }
        ObjectNode mint = JSON.createObjectNode().put("to", account).put("amount", won);
        String id = portal.post("/payment/treasury/mints", signIn.person("treasurer.a"), mint)
                .path("id")
                .asText();
        portal.post(
                "/payment/treasury/mints/" + id + "/approval", signIn.person("treasurer.b"), JSON.createObjectNode());
    }

    private long balance(String account) {
        for (JsonNode each : wallet.run("account", "list").path("items")) {
            if (each.path("id").asText().equals(account)) {
                return each.path("available").asLong();
            }
        }
        return 0;
    }

    private String apply() {
        Path form = home.resolve("form.json");
        try {
            int number = 1000 + new SecureRandom().nextInt(9000);
            Files.createDirectories(home);
            Files.writeString(form, "{\"plate\": \"123가" + number + "\"}");
        } catch (IOException failed) {
            throw new JourneyFailed("no form: " + failed);
        }
        return wallet.run("apply", SERVICE, "--form", form.toString())
                .path("id")
                .asText();
    }

    private String present(String application) {
        progress.underWay(Step.PRESENT);
        String href = openStep(application, "presentation").path("href").asText();
        JsonNode presented = wallet.run("present", href, "--yes");
        // the claims alone: what else is said of a credential holds the city's port
        String disclosed = presented.path("disclosures").findValues("disclosed").toString();
        if (disclosed.contains("birthdate") || disclosed.contains("family_name") || disclosed.contains("1994")) {
            throw new JourneyFailed("more was shown than asked: " + disclosed);
        }
        if (!disclosed.contains("street_address") || !disclosed.contains("district")) {
            throw new JourneyFailed("less was shown than asked: " + disclosed);
        }
        return "street_address, district, to " + presented.path("verifier").asText();
    }

    private String pay(String bill) {
        String id = wallet.run("pay", bill).path("id").asText();
        progress.underWay(Step.PAY);
        return id;
    }

    private String payAgain(String bill) {
        WalletCommand.Result again = wallet.attempt("pay", bill, "--force-new");
        if (again.ok()) {
            throw new JourneyFailed("the bill was paid twice");
        }
        if (!again.problemType().equals("urn:madang:problem:bill-already-paid")) {
            throw new JourneyFailed("refused for another reason: " + again.json());
        }
        return again.problemType();
    }

    private String settle(String payment) {
        JsonNode settled = await("settlement", () -> {
            JsonNode now = wallet.run("payment", payment);
            if (now.path("state").asText().equals("reversed")) {
                throw new JourneyFailed("the payment was reversed: " + now);
            }
            return now.path("state").asText().equals("settled") ? now : null;
        });
        JsonNode receipt = wallet.run("receipt", payment);
        return "state " + settled.path("state").asText() + ", receipt of "
                + receipt.toString().length() + " characters";
    }

    private String seal(String application) {
        progress.underWay(Step.SEAL);
        String href = wallet.run(
                        "status", application, "--wait", "sealed", "--timeout", Long.toString(SAGA.toSeconds()))
                .path("steps")
                .valueStream()
                .filter(step -> step.path("name").asText().equals("record"))
                .map(step -> step.path("href").asText())
                .findFirst()
                .orElse("");
        return href.substring(href.lastIndexOf('/') + 1);
    }

    private String permit(String application) {
        String href = openStep(application, "credential").path("href").asText();
        String id = wallet.run("receive", href.substring(href.lastIndexOf('/') + 1))
                .at("/credentials/0/id")
                .asText();
        wallet.run("status", application, "--wait", "completed", "--timeout", Long.toString(SAGA.toSeconds()));
        return wallet.run("show", id).path("credential").asText();
    }

    private String verify(Evidence evidence) {
        List<Finding> findings = evidence.check();
        findings.stream().filter(finding -> !finding.holds()).findFirst().ifPresent(refused -> {
            throw new JourneyFailed(refused.what() + " is not proven: " + refused.why());
        });
        return told(findings);
    }

    private String tamper(Evidence evidence) {
        List<Finding> findings = evidence.checkTampered();
        findings.stream().filter(Finding::holds).findFirst().ifPresent(accepted -> {
            throw new JourneyFailed(accepted.what() + " was accepted although a byte was changed");
        });
        return told(findings);
    }

    private static String told(List<Finding> findings) {
        return findings.stream()
                .map(finding -> (finding.holds() ? "✓ " : "✗ ") + finding.what() + ": " + finding.why())
                .collect(Collectors.joining("\n"));
    }

    private JsonNode openStep(String application, String name) {
        JsonNode state = wallet.run(
                "status", application, "--wait", name + ":open", "--timeout", Long.toString(SAGA.toSeconds()));
        return state.path("steps")
                .valueStream()
                .filter(step -> step.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new JourneyFailed("no step " + name));
    }

    static <T> T await(String what, Supplier<@Nullable T> seen) {
        Instant deadline = Instant.now().plus(SAGA);
        while (Instant.now().isBefore(deadline)) {
            T found = seen.get();
            if (found != null) {
                return found;
            }
            Portal.pause();
        }
        throw new JourneyFailed("waited in vain for " + what);
    }

    private void step(Step step, Supplier<String> action) {
        step(step, action, detail -> detail);
    }

    private String step(Step step, Supplier<String> action, java.util.function.UnaryOperator<String> told) {
        progress.begins(step);
        String result = action.get();
        progress.held(step, told.apply(result));
        return result;
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
