package city.madang.records;

import static city.madang.records.OtherServices.await;
import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;

import city.madang.devstack.testing.TestTokens;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;

/** One application of a citizen, and what identity and payment do about it. */
final class Case {

    final UUID id;
    final String bill = UUID.randomUUID().toString();
    final String offer = UUID.randomUUID().toString();
    final String identityKey = HandoverKey.generate();
    final JsonObject submitted;
    private final String transaction = UUID.randomUUID().toString();
    private final String citizen;
    private final OtherServices others;

    private Case(OtherServices others, String citizen, JsonObject body) {
        this.others = others;
        this.citizen = citizen;
        this.id = UUID.fromString(
                attempt(citizen, body).then().statusCode(201).extract().path("id"));
        this.submitted =
                others.awaitEvent("application.submitted", this::isMine).data();
    }

    static Response attempt(String citizen, JsonObject body) {
        return as(citizen).body(body.encode()).post("/records/applications");
    }

    static Case apply(OtherServices others, String citizen, String service, JsonObject form) {
        return new Case(
                others, citizen, new JsonObject().put("service", service).put("form", form));
    }

    static Case renew(OtherServices others, String citizen, String service, JsonObject form, String record) {
        return new Case(
                others,
                citizen,
                new JsonObject().put("service", service).put("form", form).put("renews", record));
    }

    static RequestSpecification as(String user) {
        return given().auth().oauth2(TestTokens.user(user)).contentType("application/json");
    }

    boolean isMine(JsonObject data) {
        return id.toString().equals(data.getString("application"));
    }

    private JsonObject about() {
        return new JsonObject().put("application", id.toString());
    }

    /** Each event comes twice, as one that is delivered again and as one that is told again. */
    private void tell(String service, String type, String subject, JsonObject data) {
        UUID event = others.tell(service, type, subject, data);
        others.tell(event, service, type, subject, data);
        others.tell(service, type, subject, data);
    }

    Case requested() {
        JsonObject data = about().put("handover_key", HandoverKey.publicJwk(identityKey));
        if (submitted.containsKey("dcql_query")) {
            tell("identity", "presentation.requested", id.toString(), data.put("transaction", transaction));
        } else {
            tell("identity", "presentation.waived", id.toString(), data);
        }
        return this;
    }

    /** @return the handover that was made */
    JsonObject shown(HandoverStore handovers, String claims) {
        JsonObject handover =
                OtherServices.handOver(handovers, new JsonObject(claims), submitted.getJsonObject("handover_key"));
        tell(
                "identity",
                "presentation.verified",
                id.toString(),
                about().put("transaction", transaction).put("handover", handover));
        return handover;
    }

    Case billed() {
        JsonObject fee = submitted.getJsonObject("fee");
        tell(
                "payment",
                "bill.created",
                bill,
                about().put("bill", bill).put("amount", fee.getLong("amount")).put("currency", "KRW"));
        return this;
    }

    Case paid() {
        tell(
                "payment",
                "bill.paid",
                bill,
                about().put("bill", bill).put("authorisation", "0x00").put("transaction_hash", "0x00"));
        return this;
    }

    void billCancelled() {
        tell("payment", "bill.cancelled", bill, about().put("bill", bill));
    }

    void feeReturned() {
        tell(
                "payment",
                "fee.returned",
                bill,
                about().put("bill", bill).put("authorisation", "0x00").put("amount", 1));
    }

    void credentialIssued() {
        tell("identity", "credential.offered", id.toString(), about().put("offer", offer));
        tell("identity", "credential.issued", offer, about().put("offer", offer));
    }

    void credentialFailed() {
        tell("identity", "credential.failed", id.toString(), about().put("reason", "type-withdrawn"));
    }

    String sealed() {
        return others.awaitEvent("record.sealed", this::isMine).data().getString("record");
    }

    Case awaits(String state) {
        awaitTrue(id + " " + state, () -> state.equals(state()));
        return this;
    }

    String state() {
        return City.state(id, TestTokens.user(citizen));
    }

    long told(String type) {
        return others.count(type, this::isMine);
    }

    JsonObject closed() {
        return others.awaitEvent("application.closed", this::isMine).data();
    }

    Response does(String user, String what, JsonObject body) {
        return as(user).body(body.encode()).post("/records/applications/" + id + "/" + what);
    }

    Response decides(String officer, String decision) {
        return does(
                officer, "decision", new JsonObject().put("decision", decision).put("reason", "까닭 / as it is"));
    }

    JsonObject progress() {
        return new JsonObject(as(citizen)
                .get("/records/applications/" + id + "/progress")
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    /** What happened, in order. */
    List<String> timeline() {
        return progress().getJsonArray("timeline").stream()
                .map(JsonObject.class::cast)
                .map(happened -> happened.getString("what"))
                .toList();
    }

    String step(String name) {
        return await(name, () -> new JsonObject(
                        as(citizen).get("/records/applications/" + id).asString())
                .getJsonArray("steps").stream()
                        .map(JsonObject.class::cast)
                        .filter(step -> step.getString("name").equals(name))
                        .map(step -> step.getString("state"))
                        .findFirst()
                        .orElse("none"));
    }
}
