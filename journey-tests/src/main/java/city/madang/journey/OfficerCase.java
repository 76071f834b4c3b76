package city.madang.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A service that an officer of the city hall decides, as its applicant and its officer meet it: through the public origin alone. */
final class OfficerCase {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OFFICER = "officer.cityhall";
    private static final String TIMEOUT = Long.toString(Duration.ofSeconds(150).toSeconds());

    private final Portal portal;
    private final SignIn signIn;
    private final WalletCommand wallet;
    private final Path home;
    private final Progress progress;
    private String service = "";
    private boolean paid;
    private String application = "";

    OfficerCase(Portal portal, SignIn signIn, WalletCommand wallet, Path home, Progress progress) {
        this.portal = portal;
        this.signIn = signIn;
        this.wallet = wallet;
        this.home = home;
        this.progress = progress;
    }

    String publish(String name, JsonNode definition) {
        service = name;
        paid = definition.has("fee");
        portal.put("/records/services/" + name, signIn.agency("city-hall"), definition);
        return definition.at("/title/en").asText()
                + (paid ? ", fee " + definition.at("/fee/amount").asText() : ", free");
    }

    /** Whether there is a fee. */
    boolean isPaid() {
        return paid;
    }

    private static String form(String service) {
        return switch (service) {
            case "trade-licence" ->
                """
                {"trade_name": "마당빵집", "trade": "bakery", "premises": "월드컵북로 402", "area_m2": 24}""";
            case "birth-registration" ->
                """
                {"child_family_name": "김", "child_given_name": "하늘", "child_birthdate": "2026-11-20",
                 "birthplace": "서울특별시 마포구", "relation": "mother", "birth_certificate_number": "HOSP-2026-0451"}""";
            default -> throw new JourneyFailed("no form for " + service);
        };
    }

    /** Applies, shows what is asked for, and pays. */
    String submit() {
        Path form = home.resolve(service + ".json");
        try {
            Files.createDirectories(home);
            Files.writeString(form, form(service));
        } catch (IOException failed) {
            throw new JourneyFailed("no form: " + failed);
        }
        application = wallet.run("apply", service, "--form", form.toString())
                .path("id")
                .asText();
        String shown = open("presentation");
        wallet.run("present", shown, "--yes");
        progress.underWay(Step.SUBMIT);
        if (paid) {
            wallet.run("pay", open("payment"));
        }
        wallet.run("status", application, "--wait", "deciding", "--timeout", TIMEOUT);
        return "application " + application;
    }

    private String open(String name) {
        return wallet.run("status", application, "--wait", name + ":open", "--timeout", TIMEOUT)
                .path("steps")
                .valueStream()
                .filter(step -> step.path("name").asText().equals(name))
                .map(step -> step.path("href").asText())
                .findFirst()
                .orElseThrow(() -> new JourneyFailed("no step " + name));
    }

    /** An application that is paid for and given up: what was paid comes back. */
    String withdraw(Runnable fundDesk) {
        submit();
        long before = available();
        fundDesk.run();
        wallet.run("withdraw", application);
        progress.underWay(Step.WITHDRAW);
        wallet.run("status", application, "--wait", "refund:done", "--timeout", TIMEOUT);
        long now = available();
        if (now <= before) {
            throw new JourneyFailed("the fee is said to be back, but the account has " + now + " as before");
        }
        submit();
        return (now - before) + " KRW back; applied again";
    }

    /** What the citizen has, in all accounts. */
    long available() {
        return wallet.run("account", "list")
                .path("items")
                .valueStream()
                .mapToLong(account -> account.path("available").asLong())
                .sum();
    }

    String ask() {
        String officer = signIn.person(OFFICER);
        boolean queued = portal.get("/records/reviews?service=" + service + "&limit=200", officer)
                .path("items")
                .valueStream()
                .anyMatch(item -> item.path("application").asText().equals(application));
        if (!queued) {
            throw new JourneyFailed("the officer's queue does not show " + application);
        }
        portal.post(path("claim"), officer, JSON.createObjectNode());
        progress.underWay(Step.ASK);
        ObjectNode question = JSON.createObjectNode();
        question.put("question", "서류를 한 번 더 확인해 주세요 / Please check your papers once more")
                .put("days", 7);
        portal.post(path("question"), officer, question);
        JsonNode progress = wallet.run("progress", application);
        if (!progress.at("/next/0/does").asText().equals("answer")) {
            throw new JourneyFailed("the applicant is not told to answer: " + progress);
        }
        return progress.at("/next/0/says/ko").asText() + " / "
                + progress.at("/next/0/says/en").asText();
    }

    String answer() {
        return wallet.run("answer", application, "--text", "확인했습니다 / Checked")
                .path("state")
                .asText();
    }

    String grant() {
        ObjectNode decision = JSON.createObjectNode();
        decision.put("decision", "granted").put("reason", "요건을 갖추었습니다 / All requirements are met");
        String state = portal.post(path("decision"), signIn.person(OFFICER), decision)
                .path("state")
                .asText();
        progress.underWay(Step.DECIDE);
        return state;
    }

    String receive() {
        wallet.run("status", application, "--wait", "sealed", "--timeout", TIMEOUT);
        progress.underWay(Step.RECEIVE);
        String offer = open("credential");
        JsonNode received = wallet.run("receive", offer.substring(offer.lastIndexOf('/') + 1));
        wallet.run("status", application, "--wait", "completed", "--timeout", TIMEOUT);
        return "claims " + received.at("/credentials/0/claims").size() + ", "
                + wallet.run("progress", application).path("timeline").size() + " entries in its progress";
    }

    private String path(String what) {
        return "/records/applications/" + application + "/" + what;
    }
}
