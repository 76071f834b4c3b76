package city.madang.records;

import static city.madang.records.Case.as;
import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.TestTokens;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import city.madang.records.pages.BilingualPage;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The services that ship, and every way in which an application can go and end; identity and payment are played. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CasesTest {

    private static final String RESIDENT =
            """
            {"residency": {"family_name": "김", "given_name": "민지",
              "street_address": "월드컵북로 400", "district": "마포구"}}""";

    private static final JsonObject BAKERY = new JsonObject()
            .put("trade_name", "마당빵집")
            .put("trade", "bakery")
            .put("premises", "월드컵북로 402")
            .put("area_m2", 24);

    private static final JsonObject PLATE = new JsonObject().put("plate", "12가3456");

    @Inject
    HandoverStore handovers;

    @Inject
    Pool pool;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @ConfigProperty(name = "madang.handover.dir")
    Path handoverDir;

    private OtherServices others;

    @BeforeEach
    void town() {
        if (others != null) {
            return;
        }
        others = new OtherServices(broker);
        others.register("city-hall", "시청", "City Hall");
        others.register("transport", "교통국", "Transport Bureau");
        others.register("treasury", "재무국", "Treasury");
        City.publish("city-hall", "trade-licence", ShippedServices.definition("trade-licence"));
        City.publish("city-hall", "birth-registration", ShippedServices.definition("birth-registration"));
        City.publish("transport", "resident-parking-permit", ShippedServices.definition("resident-parking-permit"));
        City.publish("treasury", "appealed-permit", appealable());
    }

    @AfterAll
    void every_event_that_was_told_is_as_it_is_described() {
        others.close();
        others.heard.stream()
                .collect(java.util.stream.Collectors.toMap(
                        OtherServices.Heard::type, event -> event, (one, other) -> other))
                .values()
                .forEach(EventsDescribedTest::assertDescribed);
    }

    /** Paid, decided by officers, with an appeal, without a presentation. */
    private static JsonObject appealable() {
        JsonObject definition = City.officerDecides()
                .put("fee", new JsonObject().put("amount", 5_000).put("currency", "KRW"))
                .put("appeal", new JsonObject().put("days", 30));
        return definition;
    }

    private Case tradeLicence(JsonObject form) {
        Case trade = Case.apply(others, "minji", "trade-licence", form);
        trade.requested().billed().paid();
        trade.shown(handovers, RESIDENT);
        return trade;
    }

    private Case underAppeal() {
        Case refused = Case.apply(others, "junho", "appealed-permit", PLATE)
                .requested()
                .billed()
                .paid();
        refused.awaits("deciding");
        refused.decides("treasurer.a", "refused").then().statusCode(200).body("state", equalTo("refused"));
        return refused;
    }

    private RowSet<Row> sql(String sql, Object... values) {
        return pool.preparedQuery(sql).execute(Tuple.from(values)).await().indefinitely();
    }

    private static void problem(Response response, int status, String type) {
        response.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:madang:problem:" + type));
    }

    // ---- the services that ship

    @Test
    void a_trade_licence_is_asked_about_answered_granted_and_renewed() {
        Case trade = tradeLicence(BAKERY).awaits("deciding");
        JsonObject level = trade.progress().getJsonObject("service_level");
        assertEquals(7, level.getInteger("working_days"));
        assertFalse(level.getBoolean("paused"));
        assertTrue(Instant.parse(level.getString("due")).isAfter(Instant.now().plus(Duration.ofDays(6))));

        as("officer.cityhall")
                .get("/records/reviews?service=trade-licence")
                .then()
                .statusCode(200)
                .body("items.application", hasItem(trade.id.toString()));
        trade.does("officer.cityhall", "claim", new JsonObject()).then().statusCode(200);
        as("officer.cityhall")
                .get("/records/reviews?show=mine")
                .then()
                .body("items.application", hasItem(trade.id.toString()));
        JsonObject question = new JsonObject()
                .put("question", "면적을 확인해 주세요 / Please check the area")
                .put("days", 10);
        trade.does("officer.cityhall", "question", question)
                .then()
                .statusCode(200)
                .body("state", equalTo("asked"));
        JsonObject asked = trade.progress();
        assertTrue(asked.getJsonObject("service_level").getBoolean("paused"), "the clock rests");
        assertEquals("answer", asked.getJsonArray("next").getJsonObject(0).getString("does"));
        problem(trade.decides("officer.cityhall", "granted"), 409, "not-ready-to-decide");

        JsonObject wrong = new JsonObject()
                .put("answer", "고쳤습니다")
                .put("form", BAKERY.copy().put("area_m2", 0));
        problem(trade.does("minji", "answer", wrong), 400, "form-invalid");
        assertEquals("asked", trade.state(), "a wrong answer changes nothing");
        JsonObject answer = new JsonObject()
                .put("answer", "고쳤습니다")
                .put("form", BAKERY.copy().put("area_m2", 42));
        trade.does("minji", "answer", answer).then().statusCode(200).body("state", equalTo("deciding"));
        as("officer.cityhall")
                .get("/records/applications/" + trade.id)
                .then()
                .body("details.facts.area_m2", equalTo("42"))
                .body("details.facts.family_name", equalTo("김"));
        trade.decides("officer.cityhall", "granted").then().statusCode(200);
        String record = trade.sealed();
        trade.credentialIssued();
        trade.awaits("completed");
        assertEquals(
                List.of(
                        "submitted",
                        "presented",
                        "paid",
                        "under_review",
                        "claimed",
                        "asked",
                        "answered",
                        "granted",
                        "sealed",
                        "completed"),
                ordered(trade.timeline()));
        assertFalse(trade.progress().encode().contains("고쳤습니다"), "what was answered goes with the form");
        assertTrue(trade.progress().encode().contains("as it is"), "the reason stays");

        renewed(trade, record);
    }

    /** Presentation and payment come in any order, and an offer may be heard of before the issuance. */
    private static List<String> ordered(List<String> timeline) {
        List<String> told = new java.util.ArrayList<>(timeline);
        told.remove("offered");
        if (told.indexOf("paid") < told.indexOf("presented")) {
            java.util.Collections.swap(told, told.indexOf("paid"), told.indexOf("presented"));
        }
        return told;
    }

    private void renewed(Case trade, String record) {
        JsonObject again = new JsonObject()
                .put("service", "trade-licence")
                .put("form", BAKERY)
                .put("renews", record);
        problem(Case.attempt("minji", again), 409, "not-renewable");
        problem(Case.attempt("junho", again), 400, "invalid-request");
        sql("update record set valid_until = now() + interval '20 days' where id = $1", UUID.fromString(record));
        Case renewal = Case.renew(others, "minji", "trade-licence", BAKERY, record);
        assertEquals(9_000, renewal.submitted.getJsonObject("fee").getLong("amount"));
        problem(Case.attempt("minji", again), 409, "renewal-under-way");
        renewal.requested().billed().paid().shown(handovers, RESIDENT);
        renewal.awaits("deciding");
        renewal.decides("officer.cityhall", "granted").then().statusCode(200);
        String renewed = renewal.sealed();
        assertEquals(
                "sealed", verified(record).getString("state"), "the old one stands until the new credential is there");
        as("minji").get("/records/documents/" + renewed).then().body("version", equalTo(2));
        renewal.credentialIssued();
        JsonObject told = others.awaitEvent("record.superseded", data -> record.equals(data.getString("record")))
                .data();
        assertEquals(renewed, told.getString("successor"));
        assertEquals(trade.id.toString(), told.getString("application"));
        assertEquals("superseded", verified(record).getString("state"));
        assertEquals("sealed", verified(renewed).getString("state"));
        assertEquals(1, others.count("record.superseded", data -> record.equals(data.getString("record"))));
        logSays("city-hall", told.getLong("log_index"), "record.superseded", record);
        problem(Case.attempt("minji", again), 409, "not-renewable");
    }

    private static JsonObject verified(String record) {
        return new JsonObject(given().accept("application/json")
                .get("/records/verify/" + record)
                .asString());
    }

    /** The entry under a published checkpoint, and that only who can open the record's own entry recognises it. */
    private void logSays(String agency, long index, String type, String record) {
        String entry = entry(agency, index);
        assertEquals(type, new JsonObject(entry).getString("type"));
        assertFalse(entry.contains(record));
        JsonObject opening = new JsonObject(
                as("minji").get("/records/documents/" + record + "/opening").asString());
        assertEquals(
                new JsonObject(opening.getString("entry")).getString("record"),
                new JsonObject(entry).getString("record"));
    }

    /** Entries follow each other in a bundle, each after its length in two bytes. */
    private String entry(String agency, long index) {
        Buffer bundle = sql("select entries from log_bundle where agency = $1 and bundle = $2", agency, index / 256)
                .iterator()
                .next()
                .getBuffer(0);
        int at = 0;
        for (int i = 0; i < index % 256; i++) {
            at += 2 + bundle.getUnsignedShort(at);
        }
        return bundle.getString(at + 2, at + 2 + bundle.getUnsignedShort(at));
    }

    @Test
    void a_shop_without_food_is_licensed_by_the_rule_at_once() {
        Case shop = tradeLicence(BAKERY.copy().put("trade", "books"));
        shop.sealed();
        assertEquals(1, shop.told("application.decided"));
        problem(shop.decides("officer.cityhall", "refused"), 409, "already-decided");
    }

    @Test
    void a_parent_registers_a_child_and_no_name_of_either_is_in_any_event() {
        JsonObject child = new JsonObject()
                .put("child_family_name", "김")
                .put("child_given_name", "하늘별")
                .put("child_birthdate", "2026-11-20")
                .put("birthplace", "서울특별시 마포구")
                .put("relation", "mother")
                .put("birth_certificate_number", "HOSP-2026-0451");
        Case birth = Case.apply(others, "minji", "birth-registration", child).requested();
        birth.shown(handovers, RESIDENT.replace("민지", "가람솔"));
        birth.awaits("deciding");
        birth.decides("officer.cityhall", "granted").then().statusCode(200);
        birth.sealed();
        JsonObject told = others.awaitEvent("record.sealed", birth::isMine).data();
        assertEquals(TestTokens.subject("minji"), told.getString("applicant"), "the credential goes to the guardian");
        JsonObject claims = HandoverKey.decrypt(
                handovers.get(HandoverStore.Reference.of(
                        told.getJsonObject("credential").getJsonObject("handover"))),
                birth.identityKey);
        assertEquals("하늘별", claims.getString("child_given_name"));
        assertEquals("가람솔", claims.getString("guardian_given_name"));
        birth.credentialIssued();
        birth.awaits("completed");
        String everything = others.heard.toString();
        for (String personal : List.of("하늘별", "가람솔", "2026-11-20", "HOSP-2026-0451", "월드컵북로")) {
            assertFalse(everything.contains(personal), personal);
        }
    }

    // ---- ends other than a grant

    @Test
    void a_refusal_is_appealed_to_another_officer_and_the_fee_goes_back_when_it_is_final() {
        Case refused = underAppeal();
        assertEquals(0, refused.told("application.closed"), "nothing goes back while an appeal is possible");
        refused.does("minji", "appeal", new JsonObject().put("reason", "x"))
                .then()
                .statusCode(404);
        refused.does("junho", "appeal", new JsonObject().put("reason", "다시 봐 주세요"))
                .then()
                .statusCode(200)
                .body("state", equalTo("deciding"));
        problem(refused.decides("treasurer.a", "granted"), 403, "decided-by-you-before");
        problem(
                refused.does("treasurer.a", "claim", new JsonObject().put("take_over", true)),
                403,
                "decided-by-you-before");
        as("treasurer.a").get("/records/reviews").then().body("items.application", not(hasItem(refused.id.toString())));
        as("treasurer.b").get("/records/reviews").then().body("items.application", hasItem(refused.id.toString()));
        refused.decides("officer.cityhall", "granted").then().statusCode(404);
        refused.decides("treasurer.b", "refused").then().statusCode(200);
        assertEquals("refused", refused.closed().getString("outcome"));
        problem(refused.does("junho", "appeal", new JsonObject().put("reason", "x")), 409, "not-appealable");
        assertEquals("waiting", refused.step("refund"));
        refused.feeReturned();
        awaitTrue("the fee is known to be back", () -> refused.step("refund").equals("done"));
        assertEquals("returned", refused.progress().getString("fee"));
        assertEquals(2, refused.told("application.decided"));
        assertEquals(1, refused.told("application.closed"));
    }

    @Test
    void an_appeal_can_be_won() {
        Case refused = underAppeal();
        refused.does("junho", "appeal", new JsonObject().put("reason", "다시 봐 주세요"))
                .then()
                .statusCode(200);
        refused.decides("treasurer.b", "granted").then().statusCode(200);
        refused.sealed();
        assertEquals(0, refused.told("application.closed"));
    }

    @Test
    void who_withdraws_or_accepts_a_refusal_has_the_fee_back_and_nothing_shown_late_is_read() {
        Case accepted = underAppeal();
        accepted.does("junho", "withdrawal", new JsonObject())
                .then()
                .statusCode(200)
                .body("state", equalTo("refused"));
        assertEquals("refused", accepted.closed().getString("outcome"));

        Case withdrawn =
                Case.apply(others, "minji", "trade-licence", BAKERY).requested().billed();
        withdrawn.does("junho", "withdrawal", new JsonObject()).then().statusCode(404);
        withdrawn.does("minji", "withdrawal", new JsonObject()).then().statusCode(200);
        withdrawn.does("minji", "withdrawal", new JsonObject()).then().statusCode(200);
        assertEquals("withdrawn", withdrawn.closed().getString("outcome"));
        JsonObject late = withdrawn.shown(handovers, RESIDENT);
        withdrawn.paid();
        withdrawn.feeReturned();
        awaitTrue("known", () -> withdrawn.step("refund").equals("done"));
        awaitTrue("deleted unread", () -> !Files.exists(handoverDir.resolve(late.getString("id"))));
        assertEquals(1, withdrawn.told("application.closed"));
        assertEquals(
                0,
                sql("select 1 from sealing_job where application = $1", withdrawn.id)
                        .size());

        Case unpaid =
                Case.apply(others, "minji", "trade-licence", BAKERY).requested().billed();
        unpaid.does("minji", "withdrawal", new JsonObject()).then().statusCode(200);
        unpaid.billCancelled();
        awaitTrue("cancelled", () -> unpaid.progress().getString("fee").equals("cancelled"));
        problem(granted().does("minji", "withdrawal", new JsonObject()), 409, "too-late-to-withdraw");
    }

    private Case granted() {
        Case permit = Case.apply(others, "minji", "resident-parking-permit", PLATE)
                .requested()
                .billed()
                .paid();
        permit.shown(handovers, RESIDENT);
        permit.sealed();
        return permit;
    }

    @Test
    void time_expires_what_nobody_pays_or_answers() {
        Case unpaid = Case.apply(others, "minji", "resident-parking-permit", PLATE);
        unpaid.requested().billed();
        Case silent = tradeLicence(BAKERY).awaits("deciding");
        silent.does("officer.cityhall", "question", new JsonObject().put("question", "?"))
                .then()
                .statusCode(200);
        Case final_ = underAppeal();
        sql("update application set deadline = now() where id = any($1)", (Object)
                new UUID[] {unpaid.id, silent.id, final_.id});
        assertEquals("expired", unpaid.closed().getString("outcome"));
        assertEquals("expired", silent.closed().getString("outcome"));
        assertEquals("refused", final_.closed().getString("outcome"));
        problem(silent.does("minji", "answer", new JsonObject().put("answer", "여기요")), 409, "not-asked");
    }

    @Test
    void a_record_that_can_never_be_sealed_costs_nothing() {
        Case stuck = grantedAndPutOff();
        sql("update sealing_job set created = now() - interval '8 days' where application = $1", stuck.id);
        assertEquals("failed", stuck.closed().getString("outcome"));
        assertEquals(
                0,
                sql("select 1 from sealing_job where application = $1", stuck.id)
                        .size());
        stuck.feeReturned();
        awaitTrue("returned", () -> stuck.step("refund").equals("done"));
        assertEquals(
                0, sql("select 1 from record where application = $1", stuck.id).size());
    }

    /** Granted, its job put off so that no worker takes it. */
    private Case grantedAndPutOff() {
        Case permit = Case.apply(others, "minji", "resident-parking-permit", PLATE)
                .requested()
                .billed();
        permit.shown(handovers, RESIDENT);
        awaitTrue("presented", () -> permit.step("presentation").equals("done"));
        sql("create or replace function put_off() returns trigger language plpgsql as $$ begin"
                + " new.not_before := now() + interval '1 hour'; return new; end $$");
        sql("create or replace trigger put_off before insert on sealing_job for each row execute function put_off()");
        try {
            permit.paid();
            permit.awaits("granted");
        } finally {
            sql("drop trigger put_off on sealing_job");
        }
        return permit;
    }

    @Test
    void a_credential_that_can_never_be_issued_takes_the_record_back_before_the_fee_goes() {
        Case permit = granted();
        String record = permit.sealed();
        permit.credentialFailed();
        JsonObject revoked = others.awaitEvent("record.revoked", permit::isMine).data();
        assertEquals("failed", permit.closed().getString("outcome"));
        logSays("transport", revoked.getLong("log_index"), "record.revoked", record);
        assertEquals("revoked", verified(record).getString("state"));
        List<String> order = others.heard.stream()
                .filter(event -> permit.isMine(event.data()))
                .map(OtherServices.Heard::type)
                .filter(type -> type.equals("record.revoked") || type.equals("application.closed"))
                .toList();
        assertEquals(2, order.size(), order::toString);
        permit.feeReturned();
        awaitTrue("returned", () -> permit.step("refund").equals("done"));
        assertEquals("failed", permit.state());
        assertEquals(
                List.of("sealed", "revoking", "failed", "fee_returned"),
                permit.timeline()
                        .subList(
                                permit.timeline().indexOf("sealed"),
                                permit.timeline().size()));
    }

    // ---- the desk, and versions

    @Test
    void an_officer_has_what_the_officer_claimed_until_it_is_given_back_or_taken_over() {
        Case permit = Case.apply(others, "junho", "appealed-permit", PLATE)
                .requested()
                .billed()
                .paid();
        permit.awaits("deciding");
        permit.does("officer.cityhall", "claim", new JsonObject()).then().statusCode(404);
        permit.does("treasurer.a", "claim", new JsonObject()).then().statusCode(200);
        permit.does("treasurer.a", "claim", new JsonObject()).then().statusCode(200);
        problem(permit.does("treasurer.b", "claim", new JsonObject()), 409, "claimed-by-another");
        problem(permit.decides("treasurer.b", "granted"), 409, "claimed-by-another");
        problem(
                permit.does("treasurer.b", "question", new JsonObject().put("question", "?")),
                409,
                "claimed-by-another");
        problem(as("treasurer.b").delete("/records/applications/" + permit.id + "/claim"), 409, "claimed-by-another");
        permit.does("treasurer.b", "claim", new JsonObject().put("take_over", true))
                .then()
                .statusCode(200);
        problem(permit.decides("treasurer.a", "granted"), 409, "claimed-by-another");
        as("treasurer.b")
                .delete("/records/applications/" + permit.id + "/claim")
                .then()
                .statusCode(200);
        permit.decides("treasurer.a", "granted").then().statusCode(200);
        permit.sealed();
    }

    @Test
    void the_queue_has_pages_what_is_due_first_comes_first_and_shows_nothing_of_the_form() {
        City.publish(
                "treasury",
                "queued-permit",
                appealable().put("service_level", new JsonObject().put("working_days", 3)));
        List<Case> cases = new java.util.ArrayList<>();
        for (int i = 0; i < 3; i++) {
            cases.add(Case.apply(others, "junho", "queued-permit", PLATE)
                    .requested()
                    .billed()
                    .paid());
        }
        cases.forEach(each -> each.awaits("deciding"));
        sql("update application set due = now() - interval '1 hour' where id = $1", cases.get(2).id);
        JsonObject first = page("treasurer.a", "");
        assertEquals(
                cases.get(2).id.toString(),
                first.getJsonArray("items").getJsonObject(0).getString("application"));
        assertTrue(first.getJsonArray("items").getJsonObject(0).getBoolean("overdue"));
        JsonArray rest = new JsonArray();
        String next = first.getString("next");
        while (next != null) {
            JsonObject page = page("treasurer.a", "&after=" + next);
            rest.addAll(page.getJsonArray("items"));
            next = page.getString("next");
        }
        assertEquals(2, rest.size());
        assertFalse(first.encode().contains("12가3456"));
        assertEquals(0, page("officer.cityhall", "").getJsonArray("items").size(), "another agency's");
        for (String bad : List.of("limit=0", "limit=201", "show=everything", "service=..", "after=x")) {
            int status = as("treasurer.a").get("/records/reviews?" + bad).statusCode();
            assertTrue(status == 400 || status == 404, bad + " gave " + status);
        }
    }

    @Test
    void the_pages_of_progress_and_desk_are_in_both_languages_without_scripts_and_repeat_nothing_as_markup() {
        Case permit = Case.apply(others, "junho", "appealed-permit", PLATE)
                .requested()
                .billed()
                .paid();
        permit.awaits("deciding");
        permit.does("treasurer.a", "question", new JsonObject().put("question", "<script>alert(1)</script> 왜?"))
                .then()
                .statusCode(200);
        String progress = "/records/applications/" + permit.id + "/progress";
        html("junho", progress, "ko")
                .body(containsString("담당자가 질문했습니다"))
                .body(containsString("질문에 답해 주세요"))
                .body(containsString("&lt;script&gt;alert(1)&lt;/script&gt; 왜?"));
        html("junho", progress, "en").body(containsString("The officer asked"));
        html("junho", progress + "?lang=ko", "en").body(containsString("지난 일"));
        as("minji").accept("text/html").get(progress).then().statusCode(404);
        String desk = "/records/reviews?show=all&service=appealed-permit&limit=200";
        html("treasurer.b", desk, "ko")
                .body(containsString(permit.id.toString()))
                .body(containsString("답을 기다림"))
                .body(not(containsString("12가3456")));
        html("treasurer.b", desk, "en").body(containsString("waits for the applicant"));
        html("officer.cityhall", desk, "en").body(not(containsString(permit.id.toString())));
        as("junho").accept("text/html").get(desk).then().statusCode(403);
        given().accept("text/html").get(desk).then().statusCode(401);
        // without a wish it is JSON, as ever
        as("junho").get(progress).then().contentType("application/json");
        as("treasurer.b").get(desk).then().contentType("application/json");
    }

    private static ValidatableResponse html(String user, String path, String language) {
        ValidatableResponse page = as(user).accept("text/html")
                .header("Accept-Language", language)
                .get(path)
                .then()
                .statusCode(200)
                .contentType("text/html")
                .header("Content-Security-Policy", equalTo(BilingualPage.POLICY))
                .header("Cache-Control", "private, no-store");
        return page.body(not(containsString("<script"))).body(not(containsString("style=\"")));
    }

    private static JsonObject page(String officer, String more) {
        return new JsonObject(as(officer)
                .get("/records/reviews?service=queued-permit&limit=1" + more)
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    @Test
    void what_runs_ends_under_the_version_that_it_began_with() {
        City.publish("treasury", "changing-permit", appealable());
        Case before = Case.apply(others, "junho", "changing-permit", PLATE)
                .requested()
                .billed()
                .paid();
        before.awaits("deciding");
        JsonObject changed = appealable();
        changed.getJsonObject("record").put("validity_days", 7);
        changed.put("decision", "automatic");
        changed.remove("fee");
        City.publish("treasury", "changing-permit", changed);
        Case after = Case.apply(others, "junho", "changing-permit", PLATE).requested();
        String short_ = after.sealed();
        before.decides("treasurer.a", "granted").then().statusCode(200);
        String long_ = before.sealed();
        assertTrue(validUntil(long_).isAfter(Instant.now().plus(Duration.ofDays(300))));
        assertTrue(validUntil(short_).isBefore(Instant.now().plus(Duration.ofDays(8))));
        as("junho").get("/records/applications/" + before.id).then().body("service_version", equalTo(1));
    }

    private static Instant validUntil(String record) {
        return Instant.parse(as("junho")
                .get("/records/documents/" + record)
                .then()
                .statusCode(200)
                .extract()
                .path("valid_until"));
    }

    @Test
    void what_people_send_about_an_application_is_bounded() {
        Case permit = Case.apply(others, "junho", "appealed-permit", PLATE)
                .requested()
                .billed()
                .paid();
        permit.awaits("deciding");
        for (JsonObject bad : List.of(
                new JsonObject(),
                new JsonObject().put("question", ""),
                new JsonObject().put("question", "x".repeat(2_001)),
                new JsonObject().put("question", "x").put("days", 0),
                new JsonObject().put("question", "x").put("days", 367),
                new JsonObject().put("question", "x").put("more", 1))) {
            problem(permit.does("treasurer.a", "question", bad), 400, "invalid-request");
        }
        problem(permit.does("treasurer.a", "claim", new JsonObject().put("take_over", "yes")), 400, "invalid-request");
        problem(permit.does("junho", "answer", new JsonObject().put("answer", " ")), 400, "invalid-request");
        problem(permit.does("junho", "appeal", new JsonObject().put("reason", 7)), 400, "invalid-request");
        problem(permit.does("junho", "appeal", new JsonObject().put("reason", "x".repeat(20_000))), 413, "too-large");
        problem(
                Case.attempt(
                        "junho",
                        new JsonObject()
                                .put("service", "appealed-permit")
                                .put("form", PLATE)
                                .put("renews", "no id")),
                400,
                "invalid-request");
        assertEquals("deciding", permit.state());
    }
}
